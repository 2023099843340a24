import { useCallback, useMemo } from 'preact/hooks';
import type { FileFailure, FileSummary } from '../session/file-summary.ts';
import { type NumberSet, hasNumber } from '../share/number-set.ts';
import { CappedList } from './capped-list.tsx';
import { Checkbox } from './checkbox.tsx';
import { FileRowItem, FolderRowItem } from './file-row.tsx';
import { countWords, fileTotals } from './file-totals.ts';
import { type FileRow, buildFileTree, countSelected } from './file-tree.ts';
import { formatBytes, formatCount } from './format.ts';
import './file-list.css';

interface FileListProps {
  /** the list's heading and accessible name */
  readonly title: string;
  readonly files: readonly FileSummary[];
  /** lists only these */
  readonly shown?: NumberSet;
  /** the files that cannot be had any more */
  readonly failures?: readonly FileFailure[];
  /** gives every file that is there a button that saves it; the same function at every drawing */
  readonly onSave?: (fileIndex: number) => void;
}

const NO_FAILURES: readonly FileFailure[] = [];

/** The files of a share with their sizes, by their folders. */
export function FileList({ title, files, shown, failures = NO_FAILURES, onSave }: FileListProps) {
  const tree = useMemo(() => buildFileTree(files, shown), [files, shown]);
  const failed = useMemo(() => new Map(failures.map((one) => [one.file, one.reason])), [failures]);
  const row = useCallback(
    (row: FileRow, index: number) => {
      if (row.type === 'folder') return <FolderRowItem key={index} row={row} />;
      const file = files[row.file];
      const failure = failed.get(row.file) ?? null;
      const canSave = onSave !== undefined && failure === null && file?.folder === false;
      return (
        file && (
          <FileRowItem
            key={index}
            row={row}
            file={file}
            failure={failure}
            {...(canSave && { onSave: () => onSave(row.file) })}
          />
        )
      );
    },
    [files, failed, onSave],
  );
  const totals = fileTotals(files, shown);
  return (
    <section class="files">
      <div class="files-head">
        <h2 id="files-title">{title}</h2>
        <p class="files-sum">
          {countWords(totals)}, {formatBytes(totals.bytes)}
        </p>
      </div>
      <CappedList labelledBy="files-title" items={tree.rows} row={row} />
    </section>
  );
}

interface FileSelectionProps {
  readonly title: string;
  readonly files: readonly FileSummary[];
  readonly selected: NumberSet;
  /** the same function at every drawing */
  readonly onSelect: (fileIndexes: readonly number[], included: boolean) => void;
}

/** The files of a share, to choose from: one by one, by folder, or all of them. */
export function FileSelection({ title, files, selected, onSelect }: FileSelectionProps) {
  const tree = useMemo(() => buildFileTree(files), [files]);
  const counts = useMemo(() => countSelected(tree.order, selected), [tree, selected]);
  const row = useCallback(
    (row: FileRow, index: number) => {
      if (row.type === 'folder') {
        const count = (counts[row.end] ?? 0) - (counts[row.start] ?? 0);
        const select = (included: boolean) =>
          onSelect(tree.order.slice(row.start, row.end), included);
        const choice = { count, of: row.end - row.start, onChange: select };
        return <FolderRowItem key={index} row={row} choice={choice} />;
      }
      const file = files[row.file];
      const count = hasNumber(selected, row.file) ? 1 : 0;
      const select = (included: boolean) => onSelect([row.file], included);
      const choice = { count, of: 1, onChange: select };
      return file && <FileRowItem key={index} row={row} file={file} choice={choice} />;
    },
    [files, tree, counts, selected, onSelect],
  );
  const all = fileTotals(files);
  const taken = fileTotals(files, selected);
  return (
    <section class="files">
      <div class="files-head">
        <h2 id="files-title">{title}</h2>
        <p class="files-sum">
          {taken.files < all.files && `${formatCount(taken.files)} of `}
          {countWords(all)}, {formatBytes(taken.bytes)}
        </p>
      </div>
      <Checkbox
        class="files-all"
        count={selected.count}
        of={files.length}
        onChange={(included) => onSelect(tree.order, included)}
      >
        All files
      </Checkbox>
      <CappedList labelledBy="files-title" items={tree.rows} row={row} />
    </section>
  );
}
