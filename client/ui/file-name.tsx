import { visibleName } from './visible-name.ts';

/** A file's name, kept apart so that its writing direction does not touch what stands beside it. */
export function FileName({ name }: { readonly name: string }) {
  return <bdi class="file-name">{visibleName(name)}</bdi>;
}
