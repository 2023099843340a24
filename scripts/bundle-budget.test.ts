import { describe, expect, it } from 'vitest';
import {
  type BundleManifest,
  budgetTable,
  compareWithBudget,
  laterScripts,
  pageScripts,
} from './bundle-budget.ts';

const chunk = (file: string, change: Partial<BundleManifest[string]> = {}) => ({
  file,
  isEntry: false,
  imports: [],
  dynamicImports: [],
  ...change,
});

const manifest: BundleManifest = {
  'index.html': chunk('assets/index.js', { isEntry: true, imports: ['_peer.js'] }),
  '_peer.js': chunk('assets/peer.js', { imports: ['_codec.js'] }),
  '_codec.js': chunk('assets/codec.js', { imports: ['_peer.js'] }),
  'late.ts': chunk('assets/late.js'),
};

const sizes = new Map([
  ['assets/index.js', 100],
  ['assets/peer.js', 20],
  ['assets/codec.js', 3],
  ['assets/late.js', 9_000],
  ['assets/index.css', 40],
  ['workers/hash.js', 50],
  ['workers/hash.js.map', 9_000],
  ['workers/sink.js', 60],
  ['workers/upload.worker-x.js', 70],
]);

const budget = { page: 123, deferred: 9, lazy: 8_999, worker: 55, uploadWorker: 70, styles: 40 };

describe('pageScripts', () => {
  it('follows static imports from the entry, round a cycle, and leaves out what nobody starts with', () => {
    expect(pageScripts(manifest)).toEqual(
      new Map([['page', ['assets/index.js', 'assets/peer.js', 'assets/codec.js']]]),
    );
  });

  it('counts for each page what the entry imports for it, and what that imports', () => {
    const two: BundleManifest = {
      'index.html': chunk('assets/index.js', { isEntry: true, dynamicImports: ['a.ts', 'b.ts'] }),
      'a.ts': chunk('assets/a.js', { imports: ['_codec.js'], dynamicImports: ['late.ts'] }),
      'b.ts': chunk('assets/b.js'),
      '_codec.js': chunk('assets/codec.js'),
      'late.ts': chunk('assets/late.js', { imports: ['_codec.js'] }),
    };
    expect(pageScripts(two)).toEqual(
      new Map([
        ['a.ts', ['assets/index.js', 'assets/a.js', 'assets/codec.js']],
        ['b.ts', ['assets/index.js', 'assets/b.js']],
      ]),
    );
  });
});

/** A page of which all but the entry comes later. */
const pieces: BundleManifest = {
  'index.html': chunk('assets/index.js', { isEntry: true, dynamicImports: ['a.ts'] }),
  'a.ts': chunk('assets/a.js', {
    imports: ['_codec.js'],
    dynamicImports: ['main-late.ts', 'ui/chart.ts'],
  }),
  'main-late.ts': chunk('assets/late.js', {
    imports: ['_codec.js', '_more.js'],
    dynamicImports: ['peer/path.ts'],
  }),
  'ui/chart.ts': chunk('assets/chart.js', { imports: ['_codec.js'] }),
  'peer/path.ts': chunk('assets/path.js'),
  '_codec.js': chunk('assets/codec.js'),
  '_more.js': chunk('assets/more.js'),
};

describe('laterScripts', () => {
  it('tells what a page loads by itself from what is loaded once it is asked for', () => {
    expect(laterScripts(pieces)).toEqual({
      deferred: new Map([['main-late.ts', ['assets/late.js', 'assets/more.js']]]),
      lazy: new Map([
        ['ui/chart.ts', ['assets/chart.js']],
        ['peer/path.ts', ['assets/path.js']],
      ]),
    });
  });
});

describe('compareWithBudget', () => {
  it('sums the scripts of a page and the style sheets, and takes each worker by itself', () => {
    expect(compareWithBudget(manifest, sizes, budget)).toEqual([
      { name: 'page', size: 123, limit: 123, within: true },
      { name: 'workers/hash.js', size: 50, limit: 55, within: true },
      { name: 'workers/sink.js', size: 60, limit: 55, within: false },
      { name: 'workers/upload.worker-x.js', size: 70, limit: 70, within: true },
      { name: 'style sheets', size: 40, limit: 40, within: true },
    ]);
  });

  it('holds each part that is loaded later against the limit of its kind', () => {
    const all = ['index', 'a', 'late', 'chart', 'path', 'codec', 'more'];
    const weights = new Map(all.map((name) => [`assets/${name}.js`, 10]));
    const rows = compareWithBudget(pieces, weights, { ...budget, deferred: 20, lazy: 9 });
    expect(rows.filter(({ name }) => name.endsWith('.ts'))).toEqual([
      { name: 'a.ts', size: 30, limit: 123, within: true },
      { name: 'main-late.ts', size: 20, limit: 20, within: true },
      { name: 'ui/chart.ts', size: 10, limit: 9, within: false },
      { name: 'peer/path.ts', size: 10, limit: 9, within: false },
    ]);
  });

  it('is over budget by a single byte', () => {
    const [row] = compareWithBudget(manifest, sizes, { ...budget, page: 122 });
    expect(row?.within).toBe(false);
  });

  it('refuses a manifest without an entry: nothing would be measured', () => {
    expect(() => compareWithBudget({}, sizes, budget)).toThrow(/no entry/);
  });

  it('refuses a manifest that names a file that was not built', () => {
    expect(() => compareWithBudget(manifest, new Map(), budget)).toThrow(/assets\/index\.js/);
  });
});

describe('budgetTable', () => {
  it('marks what is over budget, in KB of 1,000 bytes', () => {
    const rows = [
      { name: 'receiving page', size: 61_234, limit: 75_000, within: true },
      { name: 'style sheets', size: 10_100, limit: 10_000, within: false },
    ];
    expect(budgetTable(rows).split('\n')).toEqual([
      'receiving page    61.2 KB of   75.0 KB',
      'style sheets      10.1 KB of   10.0 KB  over budget',
    ]);
  });
});
