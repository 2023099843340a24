import { describe, expect, it } from 'vitest';
import { notesOfPlaywright } from './test-notes.ts';

const spec = (title: string, ...annotations: readonly object[]) => ({
  title,
  tests: [{ annotations }],
});
const note = { type: 'note', description: 'Firefox 1 took part.' };

describe('notesOfPlaywright', () => {
  it('gives what was measured with its test, and then each note once, at whatever depth', () => {
    const inner = { specs: [spec('reload', note), spec('lost', note)] };
    const cut = { type: 'measured', description: 'moving after 0.8 s' };
    const outer = { specs: [spec('cut', cut)], suites: [inner] };
    expect(notesOfPlaywright({ suites: [outer] })).toEqual([
      'measured: moving after 0.8 s (cut)',
      'Firefox 1 took part.',
    ]);
  });

  it('leaves out what else is annotated', () => {
    const suites = [{ specs: [spec('a', { type: 'skip' }, { type: 'issue', description: '1' })] }];
    expect(notesOfPlaywright({ suites })).toEqual([]);
  });

  it('refuses what is no report', () => {
    expect(() => notesOfPlaywright({ suites: [{}] })).toThrow(/Invalid/);
  });
});
