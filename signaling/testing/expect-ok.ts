import type { Result } from '../protocol/result.ts';

/** The value of a result that is expected to be a success. */
export function expectOk<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(`expected a success and got ${result.error.code}`);
  return result.value;
}
