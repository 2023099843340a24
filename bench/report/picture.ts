import { VARIANTS, VARIANT_NAMES, type Variant } from '../variants/variant.ts';
import { pathCapacity } from '../path-capacity.ts';
import type { Profile } from '../profiles.ts';
import { digits } from './format.ts';
import type { Summary } from './summary.ts';

const WIDTH = 900;
const MARGIN = 28;
/** where bars begin, and how long the longest is */
const BAR_X = 250;
const BAR_SPAN = 540;
const BAR_HEIGHT = 15;
const BAR_GAP = 5;
const PROFILE_GAP = 22;
const TOP = 118;
const FOOT = 44;

const COLOURS: Readonly<Record<Variant, string>> = {
  tcp: '#9aa3ad',
  raw: '#b9c0c8',
  usual: '#d9903d',
  'one-lane': '#8fb8e6',
  onehop: '#1f5fbf',
  http: '#a8b5a2',
  stored: '#2f8f6b',
  streamed: '#57b894',
  'no-inflating': '#c3c9d0',
};

/** Rates as bars, a group for each profile; each group has a scale of its own. An SVG picture on a light ground. */
export function picture(summaries: readonly Summary[], caption: string): string {
  const shown = summaries.filter(({ variant }) => variant !== 'no-inflating');
  const profiles = [...new Set(shown.map(({ profile }) => profile))].filter(
    ({ variants }) => !variants.includes('no-inflating'),
  );
  const body: string[] = [];
  let y = TOP;
  for (const profile of profiles) {
    const own = shown.filter((summary) => summary.profile === profile);
    body.push(group(profile, own, y));
    y += own.length * (BAR_HEIGHT + BAR_GAP) + PROFILE_GAP;
  }
  const height = y + FOOT;
  const variants = VARIANTS.filter((name) =>
    profiles.some(({ variants }) => variants.includes(name)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" font-family="system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif">`,
    '<title id="title">Rates of Onehop and of other ways over emulated links</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 40, 'How fast files arrive', 'font-size="22" font-weight="650" fill="#16202c"'),
    text(
      MARGIN,
      62,
      'MB/s; for Onehop from the click on Receive to verified and on disk. Medians; the thin lines reach from the least to the most.',
      SMALL,
    ),
    legend(variants),
    ...body,
    text(MARGIN, height - 20, caption, SMALL),
    '</svg>',
    '',
  ].join('\n');
}

const SMALL = 'font-size="12.5" fill="#5a6673"';

/** A dashed line stands for what the link carries. */
function legend(variants: readonly Variant[]): string {
  let x = MARGIN;
  const parts = variants.map((variant) => {
    const name = VARIANT_NAMES[variant];
    const part = `${box(x, 80, 12, 12, COLOURS[variant])}${text(x + 18, 90.5, name, LABEL)}`;
    x += 40 + name.length * 6.9;
    return part;
  });
  const line = `<path d="M${x + 4} 79v14" stroke="#16202c" stroke-dasharray="3 2"/>`;
  return [...parts, line, text(x + 14, 90.5, 'what the link carries', LABEL)].join('');
}

const LABEL = 'font-size="13" fill="#2c3844"';

function group(profile: Profile, summaries: readonly Summary[], top: number): string {
  const capacity = linkRate(profile);
  const largest = Math.max(capacity ?? 0, ...summaries.map(({ rate }) => rate.max));
  const xOf = (rate: number): number => BAR_X + (largest === 0 ? 0 : (rate / largest) * BAR_SPAN);
  const bars = summaries.map(({ variant, rate }, index) => {
    const y = top + index * (BAR_HEIGHT + BAR_GAP);
    const weight = variant === 'onehop' ? ' font-weight="650"' : '';
    return [
      box(BAR_X, y, Math.max(1.5, xOf(rate.median) - BAR_X), BAR_HEIGHT, COLOURS[variant]),
      whisker(xOf(rate.min), xOf(rate.max), y + BAR_HEIGHT / 2),
      text(xOf(rate.max) + 9, y + 12, digits(rate.median), `${VALUE}${weight}`),
    ].join('');
  });
  const bottom = top + summaries.length * (BAR_HEIGHT + BAR_GAP) - BAR_GAP;
  const mark =
    capacity === null
      ? ''
      : `<path d="M${round(xOf(capacity))} ${top - 4}V${bottom + 4}" stroke="#16202c" stroke-dasharray="3 2"/>`;
  const middle = (top + bottom) / 2;
  return [title(profile.title, middle), mark, ...bars].join('\n');
}

/** Readable also where it lies on the dashed line. */
const VALUE =
  'font-size="12.5" fill="#16202c" paint-order="stroke" stroke="#ffffff" stroke-width="5" stroke-linejoin="round"';

/** The name of a profile, in up to two lines, to the left of its bars. */
function title(words: string, middle: number): string {
  const [first = '', ...rest] = words.split(', ');
  const place = `text-anchor="end" font-size="13.5" fill="#16202c"`;
  const x = BAR_X - 14;
  if (rest.length === 0) return text(x, middle + 5, first, place);
  const second = text(x, middle + 13, rest.join(', '), `${place} opacity="0.72"`);
  return text(x, middle - 4, first, `${place} font-weight="600"`) + second;
}

/** What a profile's link carries on average while its files go over it at full rate, in MB/s; null without a limit. */
function linkRate(profile: Profile): number | null {
  const first = pathCapacity(profile, 1e-6);
  if (first === null) return null;
  const early = first / 1e-6;
  const late = profile.laterRate === null ? early : profile.laterRate * 125_000;
  return 2 / (1 / early + 1 / late) / 1e6;
}

function whisker(from: number, to: number, y: number): string {
  if (to - from < 1) return '';
  return `<path d="M${round(from)} ${y}H${round(to)}M${round(from)} ${y - 3}v6M${round(to)} ${y - 3}v6" stroke="#16202c" stroke-opacity="0.65" fill="none"/>`;
}

function box(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${x}" y="${y}" width="${round(width)}" height="${height}" rx="2" fill="${colour}"/>`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text as it may stand in XML. */
export function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
