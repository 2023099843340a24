import { useSignal } from '@preact/signals';
import type { FileSummary } from '../session/file-summary.ts';
import { FileName } from './file-name.tsx';
import { formatBytes, formatCount, formatFileCount } from './format.ts';
import { totalSize } from './total-size.ts';
import './file-list.css';

/** Drawing 100,000 rows freezes a page; these many do not. */
const FIRST_ROWS = 200;
const MORE_ROWS = 500;

interface FileListProps {
  /** the list's heading and accessible name */
  readonly title: string;
  readonly files: readonly FileSummary[];
  /** gives every file a button that saves it */
  readonly onSave?: (fileIndex: number) => void;
}

/** The files of a share with their sizes. It draws the first few hundred and more on demand. */
export function FileList({ title, files, onSave }: FileListProps) {
  const limit = useSignal(FIRST_ROWS);
  const hidden = files.length - limit.value;
  return (
    <section class="files">
      <div class="files-head">
        <h2 id="files-title">{title}</h2>
        <p class="files-sum">
          {formatFileCount(files.length)}, {formatBytes(totalSize(files))}
        </p>
      </div>
      <ul class="files-list" role="list" aria-labelledby="files-title">
        {files.slice(0, limit.value).map((file, index) => (
          <FileRow key={index} file={file} index={index} {...(onSave && { onSave })} />
        ))}
      </ul>
      {hidden > 0 && (
        <p class="files-more">
          <span>and {formatCount(hidden)} more</span>
          <button type="button" class="button quiet" onClick={() => (limit.value += MORE_ROWS)}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}

interface FileRowProps {
  readonly file: FileSummary;
  readonly index: number;
  readonly onSave?: (fileIndex: number) => void;
}

function FileRow({ file, index, onSave }: FileRowProps) {
  return (
    <li class="file">
      <FileName name={file.name} />
      <span class="file-size">{formatBytes(file.size)}</span>
      {onSave && (
        <button
          type="button"
          class="button small save"
          aria-label={`Save ${file.name}`}
          onClick={() => onSave(index)}
        >
          Save
        </button>
      )}
    </li>
  );
}
