/** The files chosen in a file input. The input is emptied, so that choosing the same file again is heard again. */
export function takeChosenFiles(input: HTMLInputElement): readonly File[] {
  const files = [...(input.files ?? [])];
  input.value = '';
  return files;
}
