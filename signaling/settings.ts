import * as v from 'valibot';
import { MAX_LANES } from './protocol/limits.ts';
import { MAX_UPLOAD_LIFETIME_SECONDS } from './protocol/uploads.ts';
import { iceServerSchema } from './protocol/replies.ts';
import { StartupError } from './startup-error.ts';

/** A setting has a wrong value. The message names the variable and never quotes the value, which may be a secret. */
export class SettingsError extends StartupError {
  override readonly name = 'SettingsError';
  readonly variable: string;

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.variable = variable;
  }
}

function wholeNumber(min: number, max: number) {
  const problem = `must be a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, problem),
    v.transform(Number),
    v.minValue(min, problem),
    v.maxValue(max, problem),
  );
}

/** A whole number of bytes, up to 8 PiB. */
function bytes() {
  const problem = 'must be a whole number of bytes';
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, problem),
    v.transform(Number),
    v.maxValue(Number.MAX_SAFE_INTEGER, problem),
  );
}

function hours(max: number) {
  const problem = `must be a number of hours, more than 0 and at most ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,5}(?:\.\d{1,9})?$/, problem),
    v.transform(Number),
    v.gtValue(0, problem),
    v.maxValue(max, problem),
  );
}

const iceServersProblem =
  'must be a JSON list like [{"urls":"stun:stun.example.org"}]; a turn: entry also has username and credential';

const iceServer = v.pipe(
  iceServerSchema,
  v.check(({ urls }) => [urls].flat().every((url) => /^(?:stun|turn)s?:\S+$/.test(url))),
  v.check(
    ({ urls, username, credential }) =>
      (username !== undefined && credential !== undefined) ||
      [urls].flat().every((url) => url.startsWith('stun')),
  ),
);

const iceServers = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const servers = v.safeParse(v.array(iceServer), parseJson(dataset.value));
    if (servers.success) return servers.output;
    addIssue({ message: iceServersProblem });
    return NEVER;
  }),
);

const GIB = 1024 ** 3;
const MAX_LIFETIME_HOURS = MAX_UPLOAD_LIFETIME_SECONDS / 3600;

const settingsSchema = v.pipe(
  v.object({
    PORT: v.optional(wholeNumber(0, 65_535), '3000'),
    HOST: v.optional(v.string()),
    ICE_SERVERS: v.optional(iceServers, '[]'),
    LANES: v.optional(wholeNumber(1, MAX_LANES), String(MAX_LANES)),
    TLS_CERT: v.optional(v.string()),
    TLS_KEY: v.optional(v.string()),
    DATA_DIR: v.optional(v.string(), './data'),
    SITE_DIR: v.optional(v.string()),
    SHARE_LIFETIME_HOURS: v.optional(hours(24 * 365), '24'),
    MAX_SHARES: v.optional(wholeNumber(1, 1_000_000), '10000'),
    MAX_SHARES_PER_ADDRESS: v.optional(wholeNumber(1, 1_000_000), '100'),
    MAX_EVENTS_PER_MINUTE: v.optional(wholeNumber(1, 1_000_000), '6000'),
    MAX_CONNECTIONS_PER_ADDRESS: v.optional(wholeNumber(1, 1_000_000), '200'),
    UPLOADS: v.optional(v.picklist(['on', 'off'], 'must be on or off'), 'on'),
    MAX_UPLOAD_BYTES: v.optional(bytes(), String(10 * GIB)),
    MAX_STORED_BYTES: v.optional(bytes(), String(50 * GIB)),
    MIN_FREE_BYTES: v.optional(bytes(), String(GIB)),
    MAX_UPLOADS_PER_HOUR: v.optional(wholeNumber(1, 1_000_000), '60'),
    MAX_TRANSFERS: v.optional(wholeNumber(1, 1_000_000), '500'),
    MAX_TRANSFERS_PER_ADDRESS: v.optional(wholeNumber(1, 1_000_000), '64'),
    UPLOAD_LIFETIME_HOURS: v.optional(hours(MAX_LIFETIME_HOURS), '24'),
    MAX_UPLOAD_LIFETIME_HOURS: v.optional(hours(MAX_LIFETIME_HOURS), String(MAX_LIFETIME_HOURS)),
    TRUST_PROXY: v.optional(wholeNumber(0, 16), '0'),
  }),
  v.forward(
    v.partialCheck(
      [['TLS_CERT'], ['TLS_KEY']],
      ({ TLS_CERT, TLS_KEY }) => TLS_CERT === undefined || TLS_KEY !== undefined,
      'must be set too, since TLS_CERT is',
    ),
    ['TLS_KEY'],
  ),
  v.forward(
    v.partialCheck(
      [['TLS_CERT'], ['TLS_KEY']],
      ({ TLS_CERT, TLS_KEY }) => TLS_KEY === undefined || TLS_CERT !== undefined,
      'must be set too, since TLS_KEY is',
    ),
    ['TLS_CERT'],
  ),
);

/** Settings as they come from the environment, checked; the names are those of the variables. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/**
 * The settings in `env`. A variable that is empty counts as not set; others than the known ones are not looked at.
 *
 * @throws SettingsError for the first variable that is wrong
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = v.safeParse(settingsSchema, set, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new SettingsError(v.getDotPath(issue) ?? 'A setting', issue.message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
