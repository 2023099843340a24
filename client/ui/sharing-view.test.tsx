// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { drawSendPage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { SAMPLE_LINK, sampleProgress, sampleReceiver, sampleSharing } from './sample-states.ts';

afterEach(eraseDrawn);

describe('the share', () => {
  test('shows the link, read-only, and opens it in a new tab without access to this one', async () => {
    const { page } = await drawSendPage(sampleSharing());
    expect(page.one('main').dataset['state']).toBe('sharing');
    const box = page.one('textbox', 'Share link');
    expect(box).toHaveProperty('value', SAMPLE_LINK);
    expect(box).toHaveProperty('readOnly', true);
    const link = page.one('link', 'Open in a new tab');
    expect(link.getAttribute('href')).toBe(SAMPLE_LINK);
    expect(link.getAttribute('target')).toBe('_blank');
    expect(link.getAttribute('rel')).toBe('noopener');
  });

  test('lists the files with sizes, their count and their sum, and says to keep the page open', async () => {
    const { page } = await drawSendPage(sampleSharing());
    const [first, empty] = page.all('listitem', undefined, page.one('list', 'Files to send'));
    expect(first?.textContent).toBe('ridge.mov48 MB');
    expect(empty?.textContent).toBe('notes "final"  📝.txt0 B');
    expect(page.text).toContain('3 files, 64 MB');
    expect(page.text).toContain('Keep this page open');
  });

  test('says when the server cannot be reached', async () => {
    const { page, state } = await drawSendPage(sampleSharing());
    expect(page.text).not.toContain('The server cannot be reached');
    await become(state, { ...sampleSharing(), online: false });
    expect(page.text).toContain('The server cannot be reached');
  });

  test('names the files that cannot be sent any more, why, and what to do', async () => {
    const failures = [
      { file: 0, reason: 'source-changed' },
      { file: 2, reason: 'source-unreadable' },
    ] as const;
    const { page } = await drawSendPage({ ...sampleSharing(), failures });
    const [changed, unreadable] = page.all('alert');
    expect(changed?.dataset['code']).toBe('source-changed');
    expect(changed?.textContent).toContain('1 file changed while being sent');
    expect(changed?.textContent).toContain('ridge.mov');
    expect(unreadable?.dataset['code']).toBe('source-unreadable');
    expect(unreadable?.textContent).toContain('share again');
    const [row] = page.all('listitem', undefined, page.one('list', 'Files to send'));
    expect(row?.textContent).toContain('Changed');
  });

  test('stops on demand', async () => {
    const { page, actions } = await drawSendPage(sampleSharing());
    await page.press('Stop sharing');
    expect(actions.stopSharing).toHaveBeenCalledOnce();
  });
});

describe('receivers', () => {
  test('that did not come yet are said to be missing, with the list empty', async () => {
    const { page } = await drawSendPage(sampleSharing());
    expect(page.all('listitem', undefined, page.one('list', 'Receivers'))).toHaveLength(0);
    expect(page.text).toContain('Nobody has opened the link yet.');
  });

  test.each([
    [{ type: 'connecting' }, 'Connecting', []],
    [{ type: 'choosing' }, 'Looking at the files', []],
    [{ type: 'receiving' }, 'Receiving', ['Pause', 'Cancel']],
    [{ type: 'paused', by: 'you' }, 'Paused by you', ['Resume', 'Cancel']],
    [{ type: 'paused', by: 'receiver' }, 'Paused by the receiver', ['Cancel']],
    [{ type: 'paused', by: 'both' }, 'Paused on both sides', ['Resume', 'Cancel']],
    [{ type: 'reconnecting' }, 'Connection lost, waiting', ['Pause', 'Cancel']],
    [{ type: 'done' }, 'Received and verified', []],
    [{ type: 'failed', reason: 'storage-failed' }, 'Could not store the files', []],
    [{ type: 'failed', reason: 'sender-cancelled' }, 'You cancelled', []],
    [{ type: 'failed', reason: 'receiver-cancelled' }, 'The receiver cancelled', []],
  ] as const)(
    'one that is %o has the status "%s" and the buttons %o',
    async (status, words, buttons) => {
      const { page } = await drawSendPage(sampleSharing([sampleReceiver(1, status)]));
      const item = page.one('listitem', undefined, page.one('list', 'Receivers'));
      expect(page.one('status', undefined, item).textContent).toBe(words);
      page.one('progressbar', 'Receiver 1', item);
      const names = page.all('button', undefined, item).map((button) => button.textContent);
      expect(names).toEqual(buttons);
    },
  );

  test('show bytes, speed and time left, none of which is in their status', async () => {
    const progress = sampleProgress(16_000_000, 4_000_000);
    const { page } = await drawSendPage(
      sampleSharing([sampleReceiver(2, { type: 'receiving' }, progress)]),
    );
    const bar = page.one('progressbar', 'Receiver 2');
    expect(bar.getAttribute('aria-valuetext')).toBe('25%, 16 MB of 64 MB');
    expect(bar).toHaveProperty('value', 0.25);
    const item = page.one('listitem', undefined, page.one('list', 'Receivers'));
    expect(item.textContent).toContain('16 MB of 64 MB4 MB/s12 s left');
  });

  test('are paused, resumed and cancelled one by one, each button saying whose it is', async () => {
    const receivers = [
      sampleReceiver(1, { type: 'receiving' }),
      sampleReceiver(2, { type: 'paused', by: 'you' }),
    ];
    const { page, actions } = await drawSendPage(sampleSharing(receivers));
    await page.press('Pause');
    expect(actions.pauseReceiver).toHaveBeenCalledWith('receiver-1');
    await page.press('Resume');
    expect(actions.resumeReceiver).toHaveBeenCalledWith('receiver-2');
    const [, cancel] = page.all('button', 'Cancel');
    cancel?.click();
    expect(actions.cancelReceiver).toHaveBeenCalledWith('receiver-2');
    const described = cancel?.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toBe('Receiver 2');
  });

  test('the focus stays on the button that pauses and resumes', async () => {
    const { page, state } = await drawSendPage(
      sampleSharing([sampleReceiver(1, { type: 'receiving' })]),
    );
    page.one('button', 'Pause').focus();
    await become(state, sampleSharing([sampleReceiver(1, { type: 'paused', by: 'you' })]));
    expect(document.activeElement).toBe(page.one('button', 'Resume'));
  });

  test('while one receives, a notice of the end is offered where it can be asked for', async () => {
    const { page, state, notice } = await drawSendPage(sampleSharing(), { canAsk: true });
    expect(page.all('button', 'Notify me when it is done')).toHaveLength(0);
    await become(state, sampleSharing([sampleReceiver(1, { type: 'receiving' })]));
    await page.press('Notify me when it is done');
    expect(notice.ask).toHaveBeenCalledOnce();
    await become(notice.canAsk, false);
    expect(page.all('button', 'Notify me when it is done')).toHaveLength(0);
  });
});
