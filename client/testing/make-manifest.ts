import { type Manifest, buildManifest } from '../share/manifest.ts';

/** A manifest of files with these sizes, named file-0, file-1, … */
export function makeManifest(...sizes: readonly number[]): Manifest {
  const manifest = buildManifest(
    sizes.map((size, index) => ({ path: `file-${index}`, size, type: '', lastModified: 0 })),
  );
  if (manifest === null) throw new Error('these sizes do not fit in a share');
  return manifest;
}
