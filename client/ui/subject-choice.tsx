import { takeChosen } from '../intake/file-picker.ts';
import { CappedList } from './capped-list.tsx';
import { FileName } from './file-name.tsx';
import { formatBytes, formatFileCount } from './format.ts';
import type { CompareSettings } from './use-compare-settings.ts';
import './file-list.css';

const SIZES = [1e6, 10e6, 50e6, 100e6, 500e6, 1e9];

/** What is sent by each way: bytes that the page makes, or files of the user's. */
export function SubjectChoice({ settings }: { readonly settings: CompareSettings }) {
  const { subject, bytes } = settings;
  return (
    <div class="fields" role="radiogroup" aria-labelledby="subject-title">
      <p id="subject-title" class="fields-title">
        What to send
      </p>
      <div class="subject">
        <label class="choice">
          <input
            type="radio"
            name="subject"
            value="generated"
            checked={subject.value === 'generated'}
            onChange={() => (subject.value = 'generated')}
          />
          Random bytes made here
        </label>
        <label class="subject-size">
          Size
          <select
            value={String(bytes.value)}
            onChange={({ currentTarget }) => {
              bytes.value = Number(currentTarget.value);
              subject.value = 'generated';
            }}
          >
            {SIZES.map((size) => (
              <option key={size} value={String(size)}>
                {formatBytes(size)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="subject">
        <label class="choice">
          <input
            type="radio"
            name="subject"
            value="files"
            checked={subject.value === 'files'}
            onChange={() => (subject.value = 'files')}
          />
          My files
        </label>
        {subject.value === 'files' && <FilesChoice settings={settings} />}
      </div>
    </div>
  );
}

function FilesChoice({ settings: { files } }: { readonly settings: CompareSettings }) {
  const chosen = files.value;
  const total = chosen.reduce((sum, { size }) => sum + size, 0);
  return (
    <div class="subject-files">
      <label class="button picker">
        <input
          type="file"
          multiple
          class="visually-hidden"
          onChange={({ currentTarget }) => {
            const taken = takeChosen(currentTarget).flatMap(({ file }) => file ?? []);
            if (taken.length > 0) files.value = taken;
          }}
        />
        {chosen.length === 0 ? 'Choose files' : 'Choose other files'}
      </label>
      {chosen.length > 0 && (
        <>
          <p id="subject-files" class="small-words">
            {formatFileCount(chosen.length)}, {formatBytes(total)}
          </p>
          <CappedList labelledBy="subject-files" items={chosen} row={chosenRow} />
        </>
      )}
    </div>
  );
}

function chosenRow(file: File, index: number) {
  return (
    <li class="file" key={index}>
      <FileName name={file.name} />
      <span class="file-size">{formatBytes(file.size)}</span>
    </li>
  );
}
