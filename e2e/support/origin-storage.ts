import type { Page } from 'playwright/test';

/** The path of every file that a receiving page has in the origin private file system. */
export function receivedFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        const path = `${prefix}/${name}`;
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, path);
        else paths.push(path);
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    return paths.filter((path) => path.startsWith('/received/'));
  });
}
