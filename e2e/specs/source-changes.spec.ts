import { appendFile, rm, truncate } from 'node:fs/promises';
import { expect, test } from '../fixtures/networks-test.ts';
import { randomFile } from '../support/random-file.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { MIB } from '../support/sizes.ts';
import { midwayBytes, transferMidway } from '../support/transfer.ts';

// Chromium's own words on a file that it cannot read any more.
test.use({
  expectedProblems: /console: .*(?:NotReadableError|NotFoundError|ERR_UPLOAD_FILE_CHANGED)/,
});

/** What happens to a file of `size` bytes in `folder` while it is being sent. */
type Change = (
  file: { readonly path: string; readonly size: number },
  folder: string,
) => Promise<unknown>;

const CHANGES: readonly (readonly [string, Change, tag: string[]])[] = [
  ['is truncated', (file) => truncate(file.path, MIB), []],
  ['grows', (file) => appendFile(file.path, 'more'), ['@long']],
  [
    'is rewritten',
    (file, folder) => randomFile(folder, { name: 'victim.bin', size: file.size, seed: 9 }),
    ['@long'],
  ],
  ['is deleted', (file) => rm(file.path), ['@long']],
];

for (const [words, change, tag] of CHANGES) {
  const title = `a file that ${words} during the send is named on both sides, and the others arrive`;
  test(title, { tag }, async ({ networks, folder }) => {
    const victim = await randomFile(folder, { name: 'victim.bin', size: midwayBytes(networks) });
    const others = [
      await randomFile(folder, { name: 'first.bin', size: 300_000, seed: 2 }),
      await randomFile(folder, { name: 'last.bin', size: 3 * MIB, seed: 3 }),
    ];
    const paths = [others[0]?.path ?? '', victim.path, others[1]?.path ?? ''];
    const { sending, receiving } = await transferMidway(networks, ...paths);
    await change(victim, folder);
    await receiving.expectIncomplete();
    for (const { alert } of [sending, receiving]) {
      await expect(alert).toHaveAttribute('data-code', /^source-(?:changed|unreadable)$/);
      await expect(alert).toContainText('victim.bin');
    }
    for (const file of others) {
      const saved = await receiving.save(file.name);
      expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
    }
    await expect(receiving.status).not.toHaveText('Received and verified');
    const save = receiving.page.getByRole('button', { name: 'Save victim.bin' });
    await expect(save).toHaveCount(0);
  });
}
