/** What an acknowledgement carries: a value, or a typed error. */
export type Result<Value, Code extends string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly code: Code } };

/** The result that carries `value`. */
export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** The result that carries the error `code`. */
export function failure<Code extends string>(
  code: Code,
): { readonly ok: false; readonly error: { readonly code: Code } } {
  return { ok: false, error: { code } };
}
