// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import type { HostState } from '../compare/compare-state.ts';
import { choose, drawComparePage, eraseComparePage, type } from './draw-compare-pages.tsx';
import { become } from './drawn-page.ts';
import {
  SAMPLE_COMPARISON,
  SAMPLE_PLAN,
  SAMPLE_TALK,
  SAMPLE_TOGETHER,
  SAMPLE_TROUBLED,
  sampleCompareProgress,
} from './sample-comparison.ts';

afterEach(eraseComparePage);

const link = 'https://onehop.example/compare#q1Zk3m0bVw9cD4yRt7uXpA';
const READY = { type: 'ready', link, together: SAMPLE_TOGETHER, last: null } as const;
const DONE = {
  type: 'done',
  comparison: SAMPLE_COMPARISON,
  left: false,
  link,
  together: SAMPLE_TALK,
} as const satisfies HostState;
const FILES = [new File(['abc'], 'a.txt'), new File(['defgh'], 'b.txt')];

describe('waiting for the other side', () => {
  test('says what Compare does, and gives the link to pass on or to open in a new tab', async () => {
    const { page } = await drawComparePage({ type: 'waiting', link });
    expect(page.one('main').dataset['state']).toBe('waiting');
    expect(page.text).toContain('which was faster, by how much, how sure that is, and why');
    expect(page.one('textbox', 'Share link')).toHaveProperty('value', link);
    const other = page.one('link', 'Open the other side in a new tab');
    expect(other.getAttribute('href')).toBe(link);
    expect(other.getAttribute('target')).toBe('_blank');
    expect(other.getAttribute('rel')).toBe('noopener');
    expect(page.all('link', 'Open in a new tab')).toEqual([]);
  });

  test('says what each way is', async () => {
    const { page } = await drawComparePage({ type: 'waiting', link });
    const ways = page.all('listitem', undefined, page.one('list', 'Four ways to send a file'));
    expect(ways.map((way) => way.querySelector('strong')?.textContent)).toEqual([
      'Direct',
      'Relayed',
      'Stored',
      'Streamed',
    ]);
  });
});

describe('the settings', () => {
  test('are 50 MB of random bytes, every way, three rounds, unless changed', async () => {
    const { page, actions } = await drawComparePage(READY);
    expect(page.one('radiogroup', 'What to send')).toBeTruthy();
    expect(page.one('combobox')).toHaveProperty('value', '50000000');
    expect(page.text).toContain(
      '12 runs of 50 MB: 600 MB up from here, and 600 MB down to the other side. 300 MB of it passes the server, in and out.',
    );
    await page.press('Compare');
    expect(actions.compare).toHaveBeenCalledExactlyOnceWith({
      subject: { type: 'generated', bytes: 50_000_000 },
      methods: ['direct', 'relayed', 'stored', 'streamed'],
      rounds: 3,
    });
  });

  test('size, ways and rounds can be changed, and the page says what would be moved', async () => {
    const { page, actions } = await drawComparePage(READY);
    await type(page.one('combobox'), '1000000');
    await type(page.one('spinbutton', 'Rounds'), '2');
    for (const name of ['Relayed', 'Stored', 'Streamed']) {
      await page.click(page.one('checkbox', name));
    }
    expect(page.text).toContain('2 runs of 1 MB: 2 MB up from here');
    expect(page.text).toContain('Nothing of it passes the server.');
    await page.press('Compare');
    expect(actions.compare).toHaveBeenCalledExactlyOnceWith({
      subject: { type: 'generated', bytes: 1_000_000 },
      methods: ['direct'],
      rounds: 2,
    });
  });

  test('files can be chosen, and are listed', async () => {
    const { page, actions } = await drawComparePage(READY);
    await page.click(page.one('radio', 'My files'));
    expect(page.one('button', 'Compare')).toHaveProperty('disabled', true);
    expect(page.text).toContain('Choose the files to send first.');
    await choose(page.one('file', 'Choose files'), FILES);
    const list = page.one('list', '2 files, 8 B');
    expect(page.all('listitem', undefined, list).map((item) => item.textContent)).toEqual([
      'a.txt3 B',
      'b.txt5 B',
    ]);
    await page.press('Compare');
    expect(actions.compare.mock.calls[0]?.[0].subject).toEqual({ type: 'files', files: FILES });
  });

  test('begin with the files that were chosen before', async () => {
    const { page } = await drawComparePage(READY, { files: FILES });
    expect(page.one('radio', 'My files')).toHaveProperty('checked', true);
    expect(page.text).toContain('12 runs of 8 B');
  });

  test('files without a byte cannot be compared', async () => {
    const { page } = await drawComparePage(READY, { files: [new File([], 'empty')] });
    expect(page.one('button', 'Compare')).toHaveProperty('disabled', true);
    expect(page.text).toContain('These files are empty');
  });

  test('a way that this server does not have is disabled, and says why', async () => {
    const { page, offer, actions } = await drawComparePage(READY, {
      offer: { uploads: true, relay: false },
    });
    expect(page.one('checkbox', 'Relayed')).toHaveProperty('disabled', true);
    expect(page.text).toContain('This server has no relay (TURN) set up.');
    await become(offer, { uploads: false, relay: true });
    expect(page.one('checkbox', 'Relayed')).toHaveProperty('disabled', false);
    for (const name of ['Stored', 'Streamed']) {
      const box = page.one('checkbox', name);
      expect(box).toHaveProperty('disabled', true);
      const words = document.getElementById(box.getAttribute('aria-describedby') ?? '');
      expect(words?.textContent).toBe('This server takes no files.');
    }
    await page.press('Compare');
    expect(actions.compare.mock.calls[0]?.[0].methods).toEqual([
      'direct',
      'relayed',
      'stored',
      'streamed',
    ]);
  });

  test.each(['0', '11', '2.5', ''])('%s rounds are refused', async (rounds) => {
    const { page } = await drawComparePage(READY);
    await type(page.one('spinbutton', 'Rounds'), rounds);
    expect(page.one('button', 'Compare')).toHaveProperty('disabled', true);
    expect(page.text).toContain('Rounds can be a whole number from 1 to 10.');
  });

  test('without any way, the page says so', async () => {
    const { page } = await drawComparePage(READY, { offer: { uploads: false, relay: false } });
    await page.click(page.one('checkbox', 'Direct'));
    expect(page.one('button', 'Compare')).toHaveProperty('disabled', true);
    expect(page.text).toContain('Choose at least one way.');
  });

  test('are still there after a comparison', async () => {
    const { page, state } = await drawComparePage(READY);
    await page.click(page.one('checkbox', 'Stored'));
    await become<HostState>(state, DONE);
    await become<HostState>(state, READY);
    expect(page.one('checkbox', 'Stored')).toHaveProperty('checked', false);
  });

  test('say when the other side did not want to take part', async () => {
    const { page } = await drawComparePage({ ...READY, declined: true });
    expect(page.text).toContain('The other side did not want to take part.');
  });
});

test('asking says what was asked, and can be stopped', async () => {
  const { page, actions } = await drawComparePage({
    type: 'asking',
    plan: SAMPLE_PLAN,
    together: SAMPLE_TOGETHER,
  });
  page.one('heading', 'Waiting for the other side to agree');
  expect(page.text).toContain('50 MB of random bytes, 9 runs in 3 rounds, by Direct, Stored');
  await page.press('Stop');
  expect(actions.stop).toHaveBeenCalledOnce();
});

describe('running', () => {
  const progress = sampleCompareProgress();

  test('shows one progress bar, the time left, the runs so far, and Stop', async () => {
    const { page, actions } = await drawComparePage({
      type: 'running',
      progress,
      together: SAMPLE_TOGETHER,
    });
    const bar = page.one('progressbar', 'Comparison');
    expect(bar).toHaveProperty('value', 0.52);
    expect(bar.getAttribute('aria-valuetext')).toBe('52% of the whole comparison');
    expect(page.text).toContain('15 s left');
    expect(page.one('img').getAttribute('aria-label')).toBe(
      'Streamed: 20 MB from sender to server, 20 MB from server to receiver',
    );
    const runs = page.all('listitem', undefined, page.one('list', 'Runs so far'));
    expect(runs.map((run) => run.textContent)).toEqual([
      'Directround 1 of 32.3 s',
      'Storedround 1 of 33.83 s',
      'Streamedround 1 of 32.86 s',
      'Storedround 2 of 33.93 s',
    ]);
    await page.press('Stop');
    expect(actions.stop).toHaveBeenCalledOnce();
  });

  test('reads out what is being done, and not every percent of it', async () => {
    const { page, state } = await drawComparePage({
      type: 'running',
      progress,
      together: SAMPLE_TOGETHER,
    });
    const status = page.one('status');
    expect(status.textContent).toBe('Round 2 of 3: Streamed');
    const step = { type: 'run', method: 'stored', round: 1, leg: 'upload', fraction: 0 } as const;
    await become<HostState>(state, {
      type: 'running',
      progress: { ...progress, step, leftMs: null },
      together: SAMPLE_TOGETHER,
    });
    expect(status.textContent).toBe('Round 2 of 3: Stored, uploading');
    expect(page.text).toContain('Time left is not known yet');
  });
});

describe('done', () => {
  test('has the verdict as its heading, and says what was compared', async () => {
    const { page } = await drawComparePage(DONE);
    page.one('heading', 'Direct was 1.3 times as fast as Streamed (median of 3; spread 3 %).');
    expect(page.text).toContain('50 MB of random bytes, 3 rounds, 9 runs');
    for (const name of ['Where the time went', 'Why', 'Speed over time']) page.one('heading', name);
  });

  test('Compare again goes back to the settings; the result can be exported', async () => {
    const { page, actions, historyActions } = await drawComparePage(DONE);
    await page.press('Export JSON');
    expect(historyActions.export).toHaveBeenLastCalledWith(SAMPLE_COMPARISON, 'json');
    await page.press('Export CSV');
    expect(historyActions.export).toHaveBeenLastCalledWith(SAMPLE_COMPARISON, 'csv');
    await page.press('Compare again');
    expect(actions.again).toHaveBeenCalledOnce();
  });

  test('explains the rule of the verdict and what cannot be said', async () => {
    const { page } = await drawComparePage(DONE);
    expect(page.root.querySelector('summary')?.textContent).toBe('How this is measured');
    expect(page.text).toContain('1.05 times as fast as the next best');
    expect(page.text).toContain('Both pages on one device share its processor');
  });

  test('says that it was stopped, and that the other side has left', async () => {
    const { page } = await drawComparePage({ ...DONE, comparison: SAMPLE_TROUBLED, left: true });
    expect(page.text).toContain('Stopped early: 5 of 9 runs were finished.');
    expect(page.text).toContain('The other side has left.');
    expect(page.one('textbox', 'Share link')).toHaveProperty('value', link);
    expect(page.all('textbox', 'Message')).toEqual([]);
  });
});

describe('earlier comparisons', () => {
  const history = [SAMPLE_COMPARISON, SAMPLE_TROUBLED];

  test('are shown in place of the page, and back', async () => {
    const { page } = await drawComparePage({ type: 'waiting', link }, { history });
    const [, second] = page.all('listitem', undefined, page.one('list', 'Earlier comparisons'));
    const show = second?.querySelector('button');
    await page.click(show ?? page.root);
    const heading = 'Direct was 1.7 times as fast as Stored (median of 2; spread 2 %).';
    expect(document.activeElement).toBe(page.one('heading', heading));
    expect(page.all('button', 'Compare again')).toEqual([]);
    await page.press('Back');
    page.one('heading', 'Which way is faster?');
  });

  test('the last one is among them before it is kept', async () => {
    const { page, history } = await drawComparePage({ ...READY, last: SAMPLE_COMPARISON });
    const items = () => page.all('listitem', undefined, page.one('list', 'Earlier comparisons'));
    expect(items()).toHaveLength(1);
    await become(history, [SAMPLE_COMPARISON]);
    expect(items()).toHaveLength(1);
  });

  test('stay out of the way while a comparison is under way', async () => {
    const { page } = await drawComparePage(
      { type: 'asking', plan: SAMPLE_PLAN, together: SAMPLE_TOGETHER },
      { history },
    );
    expect(page.all('list', 'Earlier comparisons')).toEqual([]);
  });
});

test('a message that is being typed is still there when the page shows something else', async () => {
  const { page, state } = await drawComparePage(READY);
  await type(page.one('textbox', 'Message'), 'Are you');
  await become<HostState>(state, { type: 'asking', plan: SAMPLE_PLAN, together: SAMPLE_TALK });
  await become<HostState>(state, DONE);
  expect(page.one('textbox', 'Message')).toHaveProperty('value', 'Are you');
});

test('a failure says what happened, and leads back to the beginning', async () => {
  const { page } = await drawComparePage({ type: 'failed', reason: 'signaling-unreachable' });
  expect(page.one('alert').dataset['code']).toBe('signaling-unreachable');
  expect(page.one('link', 'Start over').getAttribute('href')).toBe('/compare');
});
