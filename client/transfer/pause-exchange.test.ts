import { describe, expect, it } from 'vitest';
import { PauseExchange } from './pause-exchange.ts';

/** One that notes what it says. */
function openExchange() {
  const said: unknown[] = [];
  const pauses = new PauseExchange(({ number, paused }, lane) => said.push([lane, number, paused]));
  return { pauses, said };
}

describe('what two sides say about pausing', () => {
  it('[PS1] says it on every lane with a number that counts up, and once again on one that opens later', () => {
    const { pauses, said } = openExchange();
    pauses.greet(1);
    pauses.say(true, [1, 2]);
    pauses.say(false, [1, 2]);
    pauses.greet(3);
    expect(said).toEqual([
      [1, 1, true],
      [2, 1, true],
      [1, 2, false],
      [2, 2, false],
      [3, 2, false],
    ]);
    expect(pauses.paused).toBe(false);
  });

  it('[LN2] goes by what the peer says on the main lane, whatever it says on others', () => {
    const { pauses } = openExchange();
    pauses.hear(2, { number: 1, paused: true });
    expect(pauses.heed(1)).toBe(false);
    expect(pauses.paused).toBe(false);
    // Another lane has become the main one.
    expect(pauses.heed(2)).toBe(true);
    expect(pauses.peerPaused).toBe(true);
    pauses.forget(2);
    expect(pauses.heed(2)).toBe(true);
    expect(pauses.peerPaused).toBe(false);
  });

  it('[PS1] passes over a word that a later one has overtaken', () => {
    const { pauses } = openExchange();
    pauses.hear(1, { number: 2, paused: false });
    pauses.hear(1, { number: 1, paused: true });
    pauses.heed(1);
    expect(pauses.peerPaused).toBe(false);
  });

  it('has paused where either side has', () => {
    const { pauses } = openExchange();
    pauses.say(true, []);
    pauses.hear(1, { number: 1, paused: true });
    pauses.heed(1);
    pauses.say(false, []);
    expect(pauses.paused).toBe(true);
  });
});
