import { takeChosen } from '../intake/file-picker.ts';
import type { ChosenEntry } from '../share/manifest.ts';

interface FilePickersProps {
  readonly onChosen: (chosen: readonly ChosenEntry[]) => void;
}

/** Every browser has it on desktops, Preact's types do not. */
const FOR_A_FOLDER = { webkitdirectory: true };

/** File inputs, for files and for a folder, that look like buttons and stay inputs for keyboards and assistive technology. */
export function FilePickers({ onChosen }: FilePickersProps) {
  return (
    <p class="buttons pickers">
      <label class="button main picker">
        <input
          type="file"
          multiple
          class="visually-hidden"
          onChange={(event) => onChosen(takeChosen(event.currentTarget))}
        />
        Choose files
      </label>
      <label class="button picker">
        <input
          type="file"
          {...FOR_A_FOLDER}
          class="visually-hidden"
          onChange={(event) => onChosen(takeChosen(event.currentTarget))}
        />
        Choose a folder
      </label>
    </p>
  );
}
