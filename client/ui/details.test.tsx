// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RatePoint } from '../progress/rate-history.ts';
import type { TransferDetails } from '../session/transfer-details.ts';
import type { TransferReport } from '../session/transfer-report.ts';
import { drawReceivePage, drawSendPage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import type { drawRateChart } from './rate-chart.ts';
import {
  SAMPLE_DETAILS,
  SAMPLE_DONE,
  SAMPLE_PAUSED,
  SAMPLE_RECEIVING,
  sampleReceiver,
  sampleSharing,
} from './sample-states.ts';

const chart = vi.hoisted(() => ({
  missing: false,
  draw: vi.fn<typeof drawRateChart>(),
}));

vi.mock('./rate-chart.ts', () => ({
  get drawRateChart() {
    if (chart.missing) throw new TypeError('Failed to fetch dynamically imported module');
    return chart.draw;
  },
}));

let shown: (readonly RatePoint[])[] = [];
const close = vi.fn<() => void>();

beforeEach(() => {
  shown = [];
  chart.missing = false;
  close.mockReset();
  chart.draw.mockReset().mockImplementation((place) => {
    const canvas = document.createElement('canvas');
    place.append(canvas);
    return { show: (points) => shown.push(points), close };
  });
});

afterEach(async () => {
  await eraseDrawn();
});

/** Gives the chart's script time to be loaded. */
const loaded = () => act(async () => vi.dynamicImportSettled());

function detailsWith(
  report: Partial<TransferReport>,
  change: Partial<TransferDetails> = {},
): TransferDetails {
  return { ...SAMPLE_DETAILS, report: { ...SAMPLE_DETAILS.report, ...report }, ...change };
}

/** A receiving page with its details open. */
async function opened(details: TransferDetails = SAMPLE_DETAILS) {
  const drawn = await drawReceivePage(SAMPLE_RECEIVING);
  await become(drawn.details, details);
  await drawn.page.press('Details');
  await loaded();
  return drawn;
}

describe('details on the receiving page', () => {
  it('are there once there is something to show, and closed until they are asked for', async () => {
    const { page, details } = await drawReceivePage(SAMPLE_RECEIVING);
    expect(page.all('button', 'Details')).toEqual([]);
    await become(details, SAMPLE_DETAILS);
    const button = page.one('button', 'Details');
    expect(button.getAttribute('aria-expanded')).toBe('false');
    expect(page.text).not.toContain('Round trip');
    await page.press('Details');
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const panel = document.getElementById(button.getAttribute('aria-controls') ?? '');
    expect(panel?.textContent).toContain('Round trip');
    await page.press('Details');
    expect(page.text).not.toContain('Round trip');
    expect(panel?.hidden).toBe(true);
  });

  it('say lanes, round trip, path, speed, window, first byte and what compression saved', async () => {
    const { page } = await opened();
    for (const words of [
      'Lanes4 connections',
      'Round trip42 ms',
      'Pathstraight across',
      'Speed now4 MB/s',
      'Window512 kB',
      'First byte after 87 ms',
      'Compressed on the way: 85 % less sent',
    ]) {
      expect(page.text).toContain(words);
    }
  });

  it('name every path', async () => {
    const { page, details } = await opened(detailsWith({ path: 'local-network' }));
    expect(page.text).toContain('Pathon your local network');
    await become(details, detailsWith({ path: 'relayed' }));
    expect(page.text).toContain('Paththrough a relay');
  });

  it('leave out what is not known, and a saving that is none', async () => {
    const unknown = { roundTripMs: null, path: null, windowBytes: null, firstByteMs: null };
    const whole = { travelledBytes: 7_001, plainBytes: 7_000, lanes: 1 };
    const { page, details } = await opened(detailsWith({ ...unknown, ...whole }, { rate: null }));
    expect(page.text).toContain('Lanes1 connection');
    expect(page.text).not.toMatch(/Round trip|Path|Speed now|Window|First byte|Compressed/);
    await become(details, detailsWith({ travelledBytes: 0, plainBytes: 0 }));
    expect(page.text).not.toContain('Compressed');
  });

  it('draw the speed over time, with its lowest, median and highest as the text of the picture', async () => {
    const { page, details } = await opened();
    const name = 'Speed over time: lowest 2 MB/s, median 4 MB/s, highest 4 MB/s';
    expect(page.one('img', name).querySelector('canvas')).not.toBeNull();
    expect(shown.at(-1)).toEqual([
      { seconds: 0.5, rate: 2_000_000 },
      { seconds: 1, rate: 4_000_000 },
    ]);
    const samples = [...SAMPLE_DETAILS.history.samples, { at: 1_500, bytes: 9_000_000 }];
    await become(details, detailsWith({}, { history: { samples, gapMs: 0 } }));
    expect(shown.at(-1)).toHaveLength(3);
    expect(chart.draw).toHaveBeenCalledTimes(1);
  });

  it('have no picture before there is a speed', async () => {
    const { page } = await opened(detailsWith({}, { history: { samples: [], gapMs: 0 } }));
    expect(page.root.querySelector<HTMLElement>('.rate')?.hidden).toBe(true);
  });

  it('stay open while the transfer is paused, and after its end', async () => {
    const { page, state } = await opened();
    await become(state, SAMPLE_PAUSED);
    await become(state, SAMPLE_DONE);
    expect(page.text).toContain('First byte after 87 ms');
    expect(chart.draw).toHaveBeenCalledTimes(1);
    expect(close).not.toHaveBeenCalled();
  });

  it('take the picture away when they are closed, and draw it again', async () => {
    const { page } = await opened();
    await page.press('Details');
    expect(close).toHaveBeenCalledTimes(1);
    await page.press('Details');
    await loaded();
    expect(chart.draw).toHaveBeenCalledTimes(2);
  });

  it('draw nothing where they were closed before the picture’s script came', async () => {
    const { page, details } = await drawReceivePage(SAMPLE_RECEIVING);
    await become(details, SAMPLE_DETAILS);
    await page.press('Details');
    await page.press('Details');
    await loaded();
    expect(chart.draw).not.toHaveBeenCalled();
  });

  it('show figures and words where the script of the picture cannot be loaded', async () => {
    chart.missing = true;
    const { page } = await opened();
    expect(page.text).toContain('Round trip42 ms');
    expect(page.text).toContain('Speed over time: lowest 2 MB/s');
    expect(page.all('alert')).toEqual([]);
  });

  it('do not draw the page anew as they change', async () => {
    const { page, details } = await opened();
    const changed: string[] = [];
    const watching = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        changed.push(element?.closest('.details')?.className ?? 'outside');
      }
    });
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    watching.observe(page.root, everything);
    await become(details, detailsWith({ lanes: 9 }, { rate: 1 }));
    await act(async () => {});
    watching.disconnect();
    expect(new Set(changed)).toEqual(new Set(['details']));
  });
});

describe('details on the sending page', () => {
  it('are each receiver’s own', async () => {
    const receivers = [1, 2, 3].map((number) => sampleReceiver(number, { type: 'receiving' }));
    const { page, details } = await drawSendPage(sampleSharing(receivers));
    const known = new Map([
      ['receiver-1', detailsWith({ lanes: 1, windowBytes: null, firstByteMs: null })],
      ['receiver-3', detailsWith({ lanes: 7 })],
    ]);
    await become(details, known);
    const buttons = page.all('button', 'Details');
    expect(buttons.map((button) => button.getAttribute('aria-describedby'))).toEqual([
      'receiver-1',
      'receiver-3',
    ]);
    await act(() => buttons[1]?.click());
    expect(page.text).toContain('Lanes7 connections');
    expect(page.text).not.toContain('Lanes1 connection');
    await become(details, new Map(known).set('receiver-3', detailsWith({ lanes: 8 })));
    expect(page.text).toContain('Lanes8 connections');
  });
});
