import { describe, expect, it } from 'vitest';
import { PROFILES } from '../profiles.ts';
import { MACHINE } from '../testing/machine.ts';
import { makeProfile, makeRun } from '../testing/make-run.ts';
import { GOALS, judge } from './goals.ts';
import { markdownPage } from './markdown.ts';
import { picture } from './picture.ts';
import { lineOfRun } from './run-line.ts';
import { samplingCosts } from './sampling.ts';
import { summarize } from './summary.ts';

const profile = makeProfile({});
const failed = { type: 'failed', why: 'TimeoutError' } as const;

describe('the sum of runs', () => {
  it('is a median for each way of each profile, in their order', () => {
    const runs = [
      makeRun(10, { variant: 'tcp' }),
      makeRun(8),
      makeRun(9),
      makeRun(7, { outcome: failed }),
    ];
    const [tcp, onehop] = summarize([profile], runs);
    expect(tcp).toMatchObject({ variant: 'tcp', rate: { median: 10 }, failed: 0 });
    expect(onehop).toMatchObject({ variant: 'onehop', failed: 1 });
    expect(onehop?.rate).toEqual({ median: 8, min: 0, max: 9, count: 3 });
    expect(onehop?.share?.median).toBeCloseTo(8 / 12.5);
    expect(onehop?.sentPerByte?.median).toBeCloseTo(1.1);
    expect(onehop?.cpu.sender.all?.median).toBe(40);
  });

  it('takes of a transfer that was stopped what had arrived', () => {
    const outcome = { type: 'stopped', bytes: 12e6, seconds: 12 } as const;
    const [onehop] = summarize([profile], [makeRun(1, { outcome })]);
    expect(onehop).toMatchObject({ rate: { median: 1 }, stopped: 1, sentPerByte: null });
  });
});

describe('the goals', () => {
  const judged = (...runs: Parameters<typeof summarize>[1]) => judge(summarize(PROFILES, runs), []);

  it('are judged where they were measured', () => {
    const results = judged(makeRun(10, { variant: 'tcp' }), makeRun(9.5));
    const known = results.filter(({ measured }) => measured !== null);
    expect(known.map(({ goal, met }) => [goal.title, met])).toEqual([
      ['100 Mbit/s 40 ms clean, against TCP', true],
    ]);
    expect(results).toHaveLength(GOALS.length);
  });

  it('are missed by too little, and by too much', () => {
    const slow = judged(makeRun(10, { variant: 'tcp' }), makeRun(8)).find(
      ({ measured }) => measured !== null,
    );
    expect(slow).toMatchObject({ measured: 0.8, met: false });
    const varying = judged(makeRun(4), makeRun(8)).at(-1);
    expect(varying).toMatchObject({ measured: 2, met: false });
  });
});

describe('the cost of sampling', () => {
  const runs = [1, 2, 3].flatMap((round) => [
    makeRun(10, { round }),
    makeRun(10, { round, variant: 'no-inflating', usage: usageOf(0.5 - 0.04 * round) }),
  ]);

  function usageOf(workers: number) {
    const { usage } = makeRun(1);
    if (usage === null) return null;
    const { sender } = usage;
    return { ...usage, sender: { ...sender, cpuSeconds: { ...sender.cpuSeconds, workers } } };
  }

  it('is what the workers take more than in the same round without it', () => {
    const [cost] = samplingCosts([profile], runs);
    expect(cost?.processor.median).toBeCloseTo(0.02);
    expect(cost?.processor.interval[1]).toBeCloseTo(0.03);
    expect(cost?.time.median).toBe(0);
  });

  it('is nothing where no pair of transfers is whole', () => {
    expect(samplingCosts([profile], [makeRun(10)])).toEqual([]);
  });
});

describe('the page of results', () => {
  const runs = PROFILES.flatMap(({ id, variants }) =>
    variants.map((variant) => makeRun(5, { profile: id, variant })),
  );
  const summaries = summarize(PROFILES, runs);
  const sampling = samplingCosts(PROFILES, runs);
  const page = markdownPage({ machine: MACHINE, means: 'star', summaries, sampling });

  it('has a row for each goal and each profile, and tables that are whole', () => {
    for (const { title } of PROFILES) expect(page).toContain(`| ${title} |`);
    for (const { title } of GOALS.slice(0, -1)) expect(page).toContain(`| ${title} |`);
    expect(page).not.toMatch(/undefined|NaN|null/);
    for (const table of page.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = table
        .trim()
        .split('\n')
        .map((row) => row.split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('has a picture that is well-formed, with a bar for each way', () => {
    const svg = picture(summaries, 'A & B <1>');
    expect(svg).toContain('A &amp; B &lt;1&gt;');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const opened = svg.match(/<(?:text|title|svg)\b/g)?.length;
    expect(svg.match(/<\/(?:text|title|svg)>/g)).toHaveLength(opened ?? 0);
    const bars = summaries.filter(({ profile }) => !profile.variants.includes('no-inflating'));
    expect(svg.match(/height="15"/g)).toHaveLength(bars.length);
  });

  it('has a line for each run while it is measured', () => {
    const line = lineOfRun(makeRun(9.5, { lanes: 8 }));
    expect(line).toContain('9.50 MB/s');
    expect(line).toContain('first byte 90 ms');
    expect(line).toContain('lanes 8');
    expect(lineOfRun(makeRun(1, { outcome: failed }))).toContain('failed: TimeoutError');
  });
});
