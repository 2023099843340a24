/** Line breaks, other control characters, and the marks that force a writing direction (UAX #9). */
const HIDDEN_CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A file name as it is shown: characters that are invisible but would reorder or break the text (and so could pass
 * `gpj.exe` off as `exe.jpg`) become �. Names in right-to-left scripts are untouched.
 */
export function visibleName(name: string): string {
  return name.replace(HIDDEN_CONTROLS, '\ufffd');
}
