import type { Page } from 'playwright/test';

const NAME = 'picked';

/**
 * Answers every folder picker that a page opens from now on with a folder of its private file system, as no test can
 * press the buttons of the real one.
 */
export async function answerFolderPicker(page: Page): Promise<void> {
  await page.addInitScript((name) => {
    Reflect.set(globalThis, 'showDirectoryPicker', async () => {
      const root = await navigator.storage.getDirectory();
      return await root.getDirectoryHandle(name, { create: true });
    });
  }, NAME);
}

/** The SHA-256 of every file in the picked folder, by its path; `folder` for an empty folder. */
export async function readPickedFolder(page: Page): Promise<Readonly<Record<string, string>>> {
  return await page.evaluate(async (name) => {
    const tree: Record<string, string> = {};
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      let isEmpty = true;
      for await (const [name, handle] of folder.entries()) {
        isEmpty = false;
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`);
        else if (handle instanceof FileSystemFileHandle) {
          const bytes = await (await handle.getFile()).arrayBuffer();
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          tree[path + name] = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        }
      }
      if (isEmpty && path !== '') tree[path] = 'folder';
    };
    const root = await navigator.storage.getDirectory();
    await walk(await root.getDirectoryHandle(name), '');
    return tree;
  }, NAME);
}
