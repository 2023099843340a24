import { expect, test } from '../fixtures/test.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { ComparingPage, meet } from '../support/comparing-page.ts';
import { bytesBelow } from '../support/files-below.ts';
import { receivedFiles } from '../support/origin-storage.ts';
import { randomFile } from '../support/random-file.ts';
import { MIB } from '../support/sizes.ts';

// What a server without uploads, or a share that is over, answers.
test.use({ expectedProblems: /status of 404|status of 409/ });

test('alone in two tabs: each way in turn, a table, a verdict, and nothing left behind', async ({
  startSite,
  page,
  context,
}) => {
  const site = await startSite();
  const host = new ComparingPage(page);
  await page.goto(`${site.url}/compare`);
  await host.expectState('waiting');
  await expectAccessible(page, 'waiting');
  const opening = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the other side in a new tab' }).click();
  const guest = new ComparingPage(await opening);
  await guest.expectState('waiting');
  await host.expectState('ready');
  await host.choose({ size: '1 MB', ways: ['Direct', 'Stored', 'Streamed'], rounds: 2 });
  await expectAccessible(page, 'ready');
  await host.compare();
  await host.expectState('asking');
  await guest.expectState('asked');
  await expectAccessible(guest.page, 'asked');
  await guest.takePart();
  await expect(host.progress).toBeVisible();
  await expect(guest.progress).toBeVisible();
  await host.expectDone();
  await guest.expectDone();
  for (const side of [host, guest]) {
    for (const way of ['Direct', 'Stored', 'Streamed'] as const) {
      await expect(side.row(way)).toContainText(/[kM]B\/s/);
    }
    await expect(side.table).toContainText('Hello');
    await expect(side.page.getByRole('heading', { level: 1 })).toContainText(
      /times as fast|No clear winner/,
    );
    await expectAccessible(side.page, 'done');
  }
  expect(await receivedFiles(page)).toEqual([]);
  await expect(async () => expect(await bytesBelow(site.dataFolder)).toBeLessThan(1000)).toPass();
});

test('two browsers, files of one’s own, what was measured as JSON and CSV, and kept for the next visit', async ({
  site,
  page,
  launchBrowser,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'mine.bin', size: 2 * MIB + 1 });
  const { host, guest } = await meet(site.url, page, await (await launchBrowser()).newPage());
  await host.choose({ files: [file.path], ways: ['Direct', 'Streamed'], rounds: 1 });
  await host.compare();
  await guest.takePart();
  await host.expectDone();
  const json = await host.exported('JSON');
  const csv = await host.exported('CSV');
  expect(JSON.parse(json)).toMatchObject({
    comparisons: [
      {
        plan: { subject: { type: 'files', bytes: file.size, files: 1 }, rounds: 1 },
        runs: [
          { method: 'direct', outcome: { type: 'done', serverBytes: 0 } },
          { method: 'streamed', outcome: { type: 'done', lanes: 0 } },
        ],
      },
    ],
  });
  expect(csv.trim().split('\r\n')).toHaveLength(3);
  expect(json + csv).not.toContain('mine.bin');
  await page.goto(`${site.url}/compare`);
  await expect(host.earlier).toHaveCount(1);
  await host.earlier.getByRole('button', { name: /^Show/ }).click();
  await expect(host.row('Streamed')).toContainText(/[kM]B\/s/);
  await host.press('Back');
  await host.earlier.getByRole('button', { name: /^Delete/ }).click();
  await expect(host.earlier).toHaveCount(0);
});

test('stopped half-way: what was measured by then is shown, and both sides can begin again', async ({
  startPair,
  context,
}) => {
  const { site, sending } = await startPair();
  const { host, guest } = await meet(site.url, sending.page, await context.newPage());
  await host.choose({ size: '10 MB', ways: ['Direct', 'Stored'], rounds: 10 });
  await host.compare();
  await guest.takePart();
  await expect(host.page.getByRole('list', { name: 'Runs so far' })).toContainText('Direct', {
    timeout: 60_000,
  });
  await guest.press('Stop');
  await host.expectDone();
  await expect(host.row('Direct')).toContainText(/[kM]B\/s/);
  await host.press('Compare again');
  await host.choose({ size: '1 MB', ways: ['Direct'], rounds: 1 });
  await host.compare();
  await guest.takePart();
  await host.expectDone();
});

test('a receiver that declines, and one that leaves in the middle', async ({
  site,
  page,
  context,
}) => {
  const { host, guest } = await meet(site.url, page, await context.newPage());
  await host.choose({ size: '10 MB', ways: ['Direct'], rounds: 5 });
  await host.compare();
  await guest.press('Decline');
  await host.expectState('ready');
  await expect(page.getByText('The other side did not want to take part.')).toBeVisible();
  await host.compare();
  await guest.takePart();
  await expect(host.page.getByRole('list', { name: 'Runs so far' })).toContainText('Direct', {
    timeout: 60_000,
  });
  await guest.page.close();
  await host.expectDone();
  await expect(host.main).toContainText('The other side has left.');
  await expect(host.row('Direct')).toContainText(/[kM]B\/s/);
});

test.describe('with a server that is away for a while', () => {
  // What Chromium itself prints when it cannot reach a server.
  test.use({
    expectedProblems:
      /status of 404|console: (?:WebSocket connection to|Failed to load resource: net::)/,
  });

  test(
    'a server that is killed in the middle and comes back: runs fail by name at worst, and the comparison ends',
    { tag: '@long' },
    async ({ startPair, context }) => {
      const { site, sending } = await startPair();
      const { host, guest } = await meet(site.url, sending.page, await context.newPage());
      await host.choose({ size: '10 MB', ways: ['Direct', 'Stored'], rounds: 2 });
      await host.compare();
      await guest.takePart();
      const runs = host.page.getByRole('list', { name: 'Runs so far' }).getByRole('listitem');
      await expect(runs).not.toHaveCount(0, { timeout: 60_000 });
      await site.kill();
      await site.start();
      await host.expectDone();
      await guest.expectDone();
      await expect(host.row('Direct')).toContainText(/[kM]B\/s/);
      // The two have found each other again.
      await host.press('Compare again');
      await host.choose({ size: '1 MB', ways: ['Direct'], rounds: 1 });
      await host.compare();
      await guest.takePart();
      await host.expectDone();
    },
  );
});

test('a server that takes no files: its ways say so, and the direct one is measured', async ({
  startSite,
  page,
  context,
}) => {
  const site = await startSite({ UPLOADS: 'off' });
  const { host, guest } = await meet(site.url, page, await context.newPage());
  await expect(page.getByRole('checkbox', { name: 'Stored', exact: true })).toBeDisabled();
  await host.choose({ size: '1 MB', ways: ['Direct'], rounds: 1 });
  await host.compare();
  await guest.takePart();
  await host.expectDone();
  await expect(host.row('Direct')).toContainText(/[kM]B\/s/);
  for (const side of [host, guest]) {
    for (const way of ['Stored', 'Streamed'] as const) {
      await expect(side.row(way)).toContainText('This server takes no files.');
    }
  }
});

test('a sender compares with the receiver of its share, with the files of the share', async ({
  startPair,
  context,
  folder,
}) => {
  const { sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'shared.bin', size: MIB });
  await receiving.open(await sending.share(file.path));
  await receiving.expectOffered();
  const [hostPage] = await Promise.all([
    context.waitForEvent('page'),
    sending.page.getByRole('button', { name: 'Compare', exact: true }).click(),
  ]);
  const [guestPage] = await Promise.all([
    context.waitForEvent('page'),
    receiving.page.getByRole('link', { name: 'Take part in a comparison' }).click(),
  ]);
  const [host, guest] = [new ComparingPage(hostPage), new ComparingPage(guestPage)];
  await host.expectState('ready');
  await expect(host.main).toContainText('shared.bin');
  await host.choose({ ways: ['Direct'], rounds: 1 });
  await host.compare();
  await guest.takePart();
  await host.expectDone();
  await expect(host.row('Direct')).toContainText(/[kM]B\/s/);
  // The share itself goes on.
  await receiving.page.bringToFront();
  await receiving.receive();
  await receiving.expectDone();
});

test('a message goes to the other page either way, and back', async ({ site, page, context }) => {
  const { host, guest } = await meet(site.url, page, await context.newPage());
  const text = `<b>Hello</b> & ${'long '.repeat(100)}`.trim();
  await host.say(text, 'Through the server');
  await expect(guest.log).toContainText(text);
  await expect(host.log).toContainText('delivered');
  await guest.say('Hello back', 'Peer to peer');
  await expect(host.log).toContainText('Hello back');
  expect(site.output).not.toContain('Hello');
});
