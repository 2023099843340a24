import type { ComponentChildren } from 'preact';
import type { FileFailure, FileSummary } from '../session/file-summary.ts';
import { Checkbox, type Choice } from './checkbox.tsx';
import { FileName } from './file-name.tsx';
import type { FileRow } from './file-tree.ts';
import { formatBytes, formatCount } from './format.ts';

const FAILURES: Readonly<Record<FileFailure['reason'], string>> = {
  'source-changed': 'Changed',
  'source-unreadable': 'Cannot be read',
};

interface FileRowItemProps {
  readonly row: Extract<FileRow, { type: 'file' }>;
  readonly file: FileSummary;
  readonly failure?: FileFailure['reason'] | null;
  readonly choice?: Choice;
  readonly onSave?: () => void;
}

/** A file, or an empty folder. What stands in its row begins with its whole path, of which only the name is seen. */
export function FileRowItem({ row, file, failure, choice, onSave }: FileRowItemProps) {
  return (
    <li class="file" data-kind={file.folder ? 'empty' : 'file'} style={{ '--depth': row.depth }}>
      <Choosable name={file.name} choice={choice}>
        <FileName name={row.name} folder={row.folder} />
      </Choosable>
      <span class="file-size">{file.folder ? 'Empty folder' : formatBytes(file.size)}</span>
      {failure && <span class="file-failure">{FAILURES[failure]}</span>}
      {onSave && (
        <button
          type="button"
          class="button small save"
          aria-label={`Save ${file.name}`}
          onClick={onSave}
        >
          Save
        </button>
      )}
    </li>
  );
}

interface FolderRowItemProps {
  readonly row: Extract<FileRow, { type: 'folder' }>;
  readonly choice?: Choice;
}

/** A folder, above what is in it. */
export function FolderRowItem({ row, choice }: FolderRowItemProps) {
  const count = row.end - row.start;
  return (
    <li class="file" data-kind="folder" style={{ '--depth': row.depth }}>
      <Choosable name={`Folder ${row.path}`} choice={choice}>
        <FileName name={row.name} />
      </Choosable>
      <span class="file-size">
        {formatCount(count)} {count === 1 ? 'item' : 'items'}
      </span>
    </li>
  );
}

interface ChoosableProps {
  readonly name: string;
  readonly choice: Choice | undefined;
  readonly children: ComponentChildren;
}

function Choosable({ name, choice, children }: ChoosableProps) {
  if (choice === undefined) return children;
  return (
    <Checkbox class="file-choice" name={name} {...choice}>
      {children}
    </Checkbox>
  );
}
