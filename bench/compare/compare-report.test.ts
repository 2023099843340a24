import { describe, expect, it } from 'vitest';
import { MACHINE } from '../testing/machine.ts';
import { makeCompared } from '../testing/make-comparison.ts';
import { lineOfComparison, lineOfCrowd } from './compare-lines.ts';
import { type CompareMeasurements, comparePage, compareTables } from './compare-markdown.ts';
import { comparePicture } from './compare-picture.ts';
import { COMPARE_PROFILES } from './compare-profiles.ts';
import { crossingHeight, timeTicks } from './log-chart.ts';
import type { CrowdRun } from './measured.ts';
import { compareJson } from './write-compare-results.ts';

const small = makeCompared(
  { direct: [2, 2, 2], stored: [1, 1, 1] },
  { bytes: 1e6, profile: 'uplink', tcp: { path: 0.5, up: 0.5, down: 0.1 } },
);
const large = makeCompared(
  { direct: [40, 42, 44], stored: [50, 52, 54] },
  {
    bytes: 100e6,
    profile: 'uplink',
    tcp: { path: 40, up: 40, down: 8 },
    expected: { direct: [60], stored: [50] },
  },
);
const broken = makeCompared(
  {},
  { bytes: 10e6, comparison: null, verdict: null, failure: 'TimeoutError' },
);
const crowd: CrowdRun = {
  profile: 'loopback',
  bytes: 10e6,
  receivers: 4,
  way: 'server',
  round: 1,
  downSeconds: 3,
  upSeconds: 2,
  serverBytes: 52e6,
  failure: null,
};
const lost: CrowdRun = {
  ...crowd,
  way: 'direct',
  downSeconds: null,
  upSeconds: null,
  serverBytes: null,
  failure: 'TimeoutError',
};
const measurements: CompareMeasurements = {
  machine: MACHINE,
  means: 'star',
  profiles: COMPARE_PROFILES,
  compared: [broken, small, large],
  crowds: [lost, crowd],
};

describe('the page', () => {
  const page = comparePage(measurements);

  it('has a row for each size: the ways, the verdict, TCP, and both ratios', () => {
    const row = page.split('\n').find((line) => line.includes('| 100 MB |'));
    expect(row).toContain('| 42.0 (40.0 to 44.0) | 52.0 (50.0 to 54.0) | Direct was 1.8 times');
    expect(row).toContain('| 40.0 (40.0, 8.00) | 1.05 | 1.08 | 1.24 (Stored) |');
    expect(page).toContain('| 10 MB | – | – | failed: TimeoutError |');
  });

  it('says where the ways cross over, and on what machine', () => {
    expect(page).toContain('Direct and Stored at about 34 MB (Stored is faster below');
    expect(page).toContain('2026-11-22, commit abc1234. 2 processors (A & B)');
  });

  it('says how much runs vary, what following would have cost, and what several receivers took', () => {
    expect(page).toContain('8 degrees of freedom');
    expect(page).toContain('| all | 1 | 23.8 % | 23.8 % | 23.8 % | 23.8 % |');
    expect(page).toContain('| loopback | 4 | –, 1 of 1 failed | 5.00 (2.00) | – | 52.0 |');
  });

  it('leaves out what was not measured', () => {
    const tables = compareTables({ ...measurements, compared: [], crowds: [] });
    expect(tables).toBe('');
  });
});

describe('two ways that do not cross over', () => {
  it.each([
    [[1, 2], 'Direct is faster at every size'],
    [[2, 1], 'Stored is faster at every size'],
    [[1, 1.02], 'as fast as each other at every size'],
  ])('%j: says so', ([direct = 1, stored = 1], words) => {
    const compared = [1e6, 10e6].map((bytes) =>
      makeCompared({ direct: [direct], stored: [stored] }, { bytes }),
    );
    expect(compareTables({ ...measurements, compared })).toContain(words);
  });
});

describe('the picture', () => {
  const svg = comparePicture(measurements, 'A & B');

  it('has a line for each way, a ring where they cross, and the receivers beneath', () => {
    expect(svg).toContain('A &amp; B');
    expect(svg.match(/stroke-width="2"/g)).toHaveLength(3);
    expect(svg).toContain('34 MB');
    expect(svg).toContain('4 receivers');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('has ticks of 1, 2 and 5', () => {
    expect(timeTicks(0.4, 11)).toEqual([0.5, 1, 2, 5, 10]);
  });

  it('finds how high two lines meet, and nothing where they do not', () => {
    const point = (x: number, y: number) => ({ x, y, low: y, high: y });
    const series = [
      { name: 'a', colour: '#000', points: [point(1, 1), point(100, 100)] },
      { name: 'b', colour: '#000', points: [point(1, 100), point(100, 1)] },
    ];
    expect(crossingHeight(series, 10)).toBeCloseTo(10);
    expect(crossingHeight(series, 50)).toBeNull();
  });
});

describe('the JSON and the lines on the way', () => {
  it('has a line for each comparison, as the page exported it', () => {
    const json = compareJson(measurements);
    expect(JSON.parse(json)).toMatchObject({
      machine: MACHINE,
      compared: [{ failure: 'TimeoutError' }, { comparison: { version: 1 } }, { bytes: 100e6 }],
      crowds: [{}, { serverBytes: 52e6 }],
    });
  });

  it('say what each came to', () => {
    expect(lineOfComparison(small)).toContain('Direct 2.00 2.00 2.00 s');
    expect(lineOfComparison(small)).toContain('TCP 0.50 s (up 0.50, down 0.10)');
    expect(lineOfComparison(broken)).toContain('failed: TimeoutError');
    expect(lineOfCrowd(crowd)).toContain('5.00 s (up 2.00)  server 52.0 MB');
    expect(lineOfCrowd(lost)).toContain('failed: TimeoutError');
  });
});
