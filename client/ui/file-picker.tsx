import { takeChosenFiles } from '../intake/file-picker.ts';

interface FilePickerProps {
  readonly onFiles: (files: readonly File[]) => void;
}

/** A file input that looks like a button and stays a file input for keyboards and assistive technology. */
export function FilePicker({ onFiles }: FilePickerProps) {
  return (
    <label class="button main picker">
      <input
        type="file"
        multiple
        class="visually-hidden"
        onChange={(event) => onFiles(takeChosenFiles(event.currentTarget))}
      />
      Choose files
    </label>
  );
}
