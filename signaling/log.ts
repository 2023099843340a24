/**
 * Where the server writes what an operator should know. A line never holds a room id, a token, a proof,
 * a session description, a file name or a user's address.
 */
export interface Log {
  info(line: string): void;
  error(line: string): void;
}

/**
 * What may be logged of an unexpected error: its class and where it was thrown.
 * Its message is left out, since it may quote what a user sent.
 */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a thrown ${typeof thrown}`;
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [thrown.name, ...frames.slice(0, 5).map((frame) => frame.trim())].join(' ');
}
