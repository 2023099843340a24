import type { Page } from 'playwright/test';

/** Drags files from the desktop over the page and drops them at a point of it, in CSS pixels. */
export async function dropFiles(
  page: Page,
  paths: readonly string[],
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}
