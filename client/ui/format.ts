const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A number of bytes in decimal units with three digits: `0 B`, `1.5 kB`, `64 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 of a unit already rounds to 1,000 of it.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${significant.format(value)} ${BYTE_UNITS[unit]}`;
}

/** Bytes per second: `3.2 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = 100 * DAY;

/** Seconds as a length of time in at most two units: `0.4 s`, `45 s`, `2 min 5 s`, `1 h 20 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.05) return 'under 0.1 s';
  if (seconds < 9.95) return `${oneDecimal.format(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return twoUnits(whole, MINUTE, 'min', 1, 's');
  if (whole < DAY) return twoUnits(whole, HOUR, 'h', MINUTE, 'min');
  if (whole < LONGEST) return twoUnits(whole, DAY, 'd', HOUR, 'h');
  return 'over 100 d';
}

/** How long something is kept, in its largest fitting unit: `30 minutes`, `1 hour`, `24 hours`, `3 days`. */
export function formatLifetime(hours: number): string {
  if (hours > 24 && hours % 24 === 0) return inUnit(hours / 24, 'day');
  if (hours >= 1) return inUnit(hours, 'hour');
  return hours * 60 >= 1 ? inUnit(hours * 60, 'minute') : inUnit(hours * 3_600, 'second');
}

function inUnit(count: number, unit: string): string {
  const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat('en', style).format(count);
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long before `now` (both ms since 1970) something was: `just now`, `5 minutes ago`, `yesterday`. */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < MINUTE) return 'just now';
  if (seconds < HOUR) return relative.format(-Math.floor(seconds / MINUTE), 'minute');
  if (seconds < DAY) return relative.format(-Math.floor(seconds / HOUR), 'hour');
  return relative.format(-Math.floor(seconds / DAY), 'day');
}

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment (ms since 1970) in this place's time: `Nov 29, 2026, 9:30 AM`. */
export function formatMoment(at: number): string {
  // Some browsers set it apart by a space that others do not know.
  return moment.format(at).replaceAll('\u202f', ' ');
}

/** Seconds that are still to go, in whole seconds: `16 s left`. */
export function formatTimeLeft(seconds: number): string {
  return `${formatDuration(Math.max(1, Math.ceil(seconds)))} left`;
}

/** A part of a whole (0 to 1) in whole percent, rounded down: `100%` is said of the whole only. */
export function formatPercentage(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)}%`;
}

/** A whole number with its thousands apart: `99,800`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** How many files: `1 file`, `2,400 files`. */
export function formatFileCount(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'file' : 'files'}`;
}

function twoUnits(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const wholeLarge = Math.floor(seconds / large);
  const wholeSmall = Math.floor((seconds % large) / small);
  const head = `${wholeLarge} ${largeName}`;
  return wholeSmall === 0 ? head : `${head} ${wholeSmall} ${smallName}`;
}
