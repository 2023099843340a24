// @vitest-environment happy-dom
import { afterEach, describe, expect, it, test } from 'vitest';
import { FIRST_DELIVERY, NO_DELIVERY, type SendDelivery } from '../session/delivery-state.ts';
import type { UploadPhase } from '../session/upload-machine.ts';
import { drawReceivePage, drawSendPage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { formatMoment } from './format.ts';
import { SAMPLE_OFFERED, SAMPLE_RECEIVING, sampleSharing } from './sample-states.ts';

afterEach(eraseDrawn);

const UNTIL = Date.UTC(2030, 0, 2, 12);
const STORED: UploadPhase = { type: 'stored', expiresAt: UNTIL, downloadLimit: 0, downloads: 0 };

async function drawSharing(change: Partial<SendDelivery> = {}) {
  const drawn = await drawSendPage(sampleSharing());
  await become(drawn.delivery, { ...FIRST_DELIVERY, ...change });
  return drawn;
}

describe('how the files are to go', () => {
  it('is asked for on the page without files as well, and is the fastest at first', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    const ways = page.all('radio');
    expect(ways.map((way) => way.getAttribute('aria-label'))).toEqual([
      'Fastest',
      'Directly',
      'Through the server',
    ]);
    expect(ways.map((way) => way.matches(':checked'))).toEqual([true, false, false]);
    await page.click(page.one('radio', 'Through the server'));
    expect(actions.sendBy).toHaveBeenCalledExactlyOnceWith('server');
  });

  it('is not asked for where the server takes no uploads', async () => {
    const { page } = await drawSharing({ offered: false });
    expect(page.all('radio')).toEqual([]);
    expect(page.text).not.toContain('On the server');
  });

  it('[UL5] is offered for no longer than the server allows', async () => {
    const { page, delivery } = await drawSharing();
    const lifetimes = () => {
      const [select] = page.all('combobox');
      const options = [...(select?.querySelectorAll('option') ?? [])];
      return options.map(({ selected, text }) => (selected ? `${text}, chosen` : text));
    };
    expect(lifetimes()).toEqual(['1 hour', '24 hours, chosen', '3 days', '7 days']);
    const choice = { lifetimeHours: 12, downloadLimit: 0 };
    await become(delivery, { ...FIRST_DELIVERY, maxLifetimeHours: 12, choice });
    expect(lifetimes()).toEqual(['1 hour', '12 hours, chosen']);
  });

  it('says nothing of the server to who sends directly', async () => {
    const { page } = await drawSharing({ sendBy: 'direct' });
    expect(page.text).not.toContain('On the server');
  });
});

describe('what the server has', () => {
  it('is offered with what it costs, and more so where no direct connection comes up', async () => {
    const { page, delivery, actions } = await drawSharing();
    expect(page.text).toContain('It costs an upload of 64 MB');
    expect(page.text).not.toContain('15 seconds');
    await become(delivery, { ...FIRST_DELIVERY, blocked: true });
    expect(page.text).toContain('No direct connection has come up within 15 seconds.');
    await page.press('Upload to the server');
    expect(actions.uploadNow).toHaveBeenCalledOnce();
  });

  it('is uploaded: how far, and that the page has to stay', async () => {
    const upload: UploadPhase = {
      type: 'uploading',
      sent: 16e6,
      total: 64e6,
      meter: [],
      waitingFor: null,
      stored: null,
    };
    const { page, delivery, actions } = await drawSharing({ sendBy: 'server', upload });
    expect(page.one('progressbar', 'Upload').getAttribute('aria-valuetext')).toContain('25%');
    expect(page.text).toContain('Keep this page open until it is done');
    await page.press('Delete from server');
    expect(actions.deleteUpload).toHaveBeenCalledOnce();
    await become(delivery, { ...FIRST_DELIVERY, upload: { ...upload, sent: 0, total: 0 } });
    expect(page.text).not.toContain('0 B of 0 B');
    const waiting: UploadPhase = { ...upload, waitingFor: 'upload-unreachable' };
    await become(delivery, { ...FIRST_DELIVERY, sendBy: 'server', upload: waiting });
    expect(page.text).toContain('goes on by itself as soon as it can');
  });

  it('is where receivers get the files, where the sender chose that', async () => {
    const upload: UploadPhase = { ...STORED, downloads: 1 };
    const { page } = await drawSharing({ sendBy: 'server', upload });
    expect(page.text).not.toContain('Nobody has opened the link yet');
    expect(page.text).toContain('They get the files from the server');
  });

  it('is missed where the sender wanted it there and it is not', async () => {
    const gone: UploadPhase = { type: 'gone', why: 'deleted' };
    const { page } = await drawSharing({ sendBy: 'server', upload: gone });
    expect(page.text).toContain('The server does not have the files');
    expect(page.text).not.toContain('Keep this page open');
  });

  it('is stored: until when, who has it, and that the sender may leave', async () => {
    const { page, delivery } = await drawSharing({ upload: STORED });
    expect(page.text).toContain(`It is kept until ${formatMoment(UNTIL)}.`);
    expect(page.text).toContain('You may close this page');
    expect(page.text).toContain('Nobody has downloaded it yet.');
    const limited: UploadPhase = { ...STORED, downloadLimit: 3, downloads: 2 };
    await become(delivery, { ...FIRST_DELIVERY, upload: limited });
    expect(page.text).toContain('2 downloaded it, of 3 at most.');
  });

  it.each<[UploadPhase, string, string]>([
    [{ type: 'gone', why: 'deleted' }, 'Deleted from the server.', 'Upload again'],
    [{ type: 'gone', why: 'over' }, 'The server no longer has the files', 'Upload again'],
    [{ type: 'failed', reason: 'server-storage-full', deleting: false }, 'no room', 'Try again'],
  ])('%o can be uploaded again', async (upload, words, button) => {
    const { page, actions } = await drawSharing({ upload });
    expect(page.text).toContain(words);
    await page.press(button);
    expect(actions.uploadNow).toHaveBeenCalledOnce();
  });
});

test('the receiving page says what the ways are expected to take, the faster one first', async () => {
  const { page, delivery } = await drawReceivePage(SAMPLE_RECEIVING);
  expect(page.text).not.toContain('Expected');
  const about = (ms: number) => ({ ms, lowMs: ms / 1.4, highMs: ms * 1.4 });
  const weighed = { direct: about(48_000), server: about(10_100), faster: 'server' } as const;
  await become(delivery, { ...NO_DELIVERY, weighed });
  expect(page.text).toContain(
    'Expected when this was weighed: through the server 10 s (7.2 s to 14 s), directly 48 s (34 s to 1 min 7 s).',
  );
});

test('the receiving page says what the server has, and which way the files come', async () => {
  const { page, delivery } = await drawReceivePage(SAMPLE_OFFERED);
  expect(page.text).toContain('straight from the sender’s browser, which has to stay open');
  const upload = { complete: true, expiresAt: UNTIL, downloadLimit: 1 };
  await become(delivery, { ...NO_DELIVERY, method: 'stored', upload });
  expect(page.text).toContain('from the server. The sender need not be there.');
  expect(page.text).toContain(
    `until ${formatMoment(UNTIL)}. They can be downloaded from there once.`,
  );
  expect(page.text).toContain('You get them from there, in two hops.');
  await become(delivery, {
    ...NO_DELIVERY,
    method: 'streamed',
    upload: { ...upload, complete: false },
  });
  expect(page.text).toContain('until it has uploaded everything');
});
