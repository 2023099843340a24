import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';

describe('inbox', () => {
  it('handles events one after another, also those posted while one is handled', () => {
    const log: string[] = [];
    const inbox: Inbox<number> = new Inbox((event) => {
      log.push(`begin ${event}`);
      if (event < 3) inbox.post(event + 1);
      log.push(`end ${event}`);
    });
    inbox.post(1);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('goes on after a handler that threw', () => {
    const handled: number[] = [];
    const inbox: Inbox<number> = new Inbox((event) => {
      if (event === 1) throw new Error('on purpose');
      handled.push(event);
    });
    expect(() => inbox.post(1)).toThrow('on purpose');
    inbox.post(2);
    expect(handled).toEqual([2]);
  });
});
