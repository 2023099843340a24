import { describe, expect, it } from 'vitest';
import {
  type BundleManifest,
  budgetTable,
  compareWithBudget,
  initialScripts,
} from './bundle-budget.ts';

const manifest: BundleManifest = {
  'index.html': { file: 'assets/index.js', isEntry: true, imports: ['_peer.js'] },
  '_peer.js': { file: 'assets/peer.js', isEntry: false, imports: ['_codec.js'] },
  '_codec.js': { file: 'assets/codec.js', isEntry: false, imports: ['_peer.js'] },
  'late.ts': { file: 'assets/late.js', isEntry: false, imports: [] },
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
]);

const budget = { initialScripts: 123, worker: 55, styles: 40 };

describe('initialScripts', () => {
  it('follows static imports from the entry, round a cycle, and leaves out what loads later', () => {
    expect(initialScripts(manifest)).toEqual([
      'assets/index.js',
      'assets/peer.js',
      'assets/codec.js',
    ]);
  });
});

describe('compareWithBudget', () => {
  it('sums the initial scripts and the style sheets, and takes each worker by itself', () => {
    expect(compareWithBudget(manifest, sizes, budget)).toEqual([
      { name: 'initial scripts', size: 123, limit: 123, within: true },
      { name: 'workers/hash.js', size: 50, limit: 55, within: true },
      { name: 'workers/sink.js', size: 60, limit: 55, within: false },
      { name: 'style sheets', size: 40, limit: 40, within: true },
    ]);
  });

  it('is over budget by a single byte', () => {
    const [row] = compareWithBudget(manifest, sizes, { ...budget, initialScripts: 122 });
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
      { name: 'initial scripts', size: 61_234, limit: 75_000, within: true },
      { name: 'style sheets', size: 10_100, limit: 10_000, within: false },
    ];
    expect(budgetTable(rows).split('\n')).toEqual([
      'initial scripts    61.2 KB of   75.0 KB',
      'style sheets       10.1 KB of   10.0 KB  over budget',
    ]);
  });
});
