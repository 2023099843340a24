/** `selected`: the browser let nothing be copied, so the text is selected for the user to copy. */
export type CopyOutcome = 'copied' | 'selected';

/** Copies `text`, which `field` holds, to the clipboard; where the browser forbids it, selects it in `field`. */
export async function copyText(text: string, field: HTMLInputElement): Promise<CopyOutcome> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    // The clipboard is missing outside secure contexts and may be denied by a permission.
    field.focus();
    field.select();
    return 'selected';
  }
}
