import { describe, expect, it } from 'vitest';
import { browserArgs } from './browser-launch-options.ts';

describe('browserArgs', () => {
  it('switches the sandbox off for root only', () => {
    expect(browserArgs(true)).toContain('--no-sandbox');
    expect(browserArgs(false)).not.toContain('--no-sandbox');
  });
});
