import { visibleName } from './visible-name.ts';

interface FileNameProps {
  readonly name: string;
  /** the folders before the name: not seen where rows above say them, but read out */
  readonly folder?: string;
}

/** A file's name, kept apart so that its writing direction does not touch what stands beside it. */
export function FileName({ name, folder = '' }: FileNameProps) {
  return (
    <bdi class="file-name">
      {folder !== '' && <span class="visually-hidden">{visibleName(folder)}</span>}
      {visibleName(name)}
    </bdi>
  );
}
