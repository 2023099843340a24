/** The ways of bringing bytes from one machine to another that are compared. */
export const VARIANTS = [
  'tcp',
  'raw',
  'usual',
  'one-lane',
  'onehop',
  'http',
  'stored',
  'streamed',
  'no-inflating',
] as const;
export type Variant = (typeof VARIANTS)[number];

/** What they are called in tables and pictures. */
export const VARIANT_NAMES: Readonly<Record<Variant, string>> = {
  tcp: 'TCP',
  raw: 'raw channel, 256 KiB frames',
  usual: 'usual practice',
  'one-lane': 'Onehop, one lane',
  onehop: 'Onehop',
  http: 'plain PUT, then GET',
  stored: 'Onehop, uploaded, then downloaded',
  streamed: 'Onehop, downloaded while uploaded',
  'no-inflating': 'Onehop, to a receiver that cannot inflate',
};
