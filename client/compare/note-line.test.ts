import { describe, expect, test } from 'vitest';
import { deriveNoteKey } from '../share/share-keys.ts';
import { SECRET_BYTES } from '../share/link.ts';
import { sealNote } from '../sealing/note.ts';
import { type ControlMessage, MAX_MESSAGE_LENGTH } from './control-message.ts';
import { NoteLine } from './note-line.ts';

const key = await deriveNoteKey(new Uint8Array(SECRET_BYTES));
const hello = (number: number): ControlMessage => ({ type: 'hello', number });

describe('a line of notes', () => {
  test('brings messages in their order, each once', async () => {
    const [host, guest] = [new NoteLine(key, 'host'), new NoteLine(key, 'guest')];
    const notes = await Promise.all([0, 1, 2].map((number) => host.seal(hello(number))));
    const opened = await Promise.all(notes.map((note) => guest.open(note)));
    expect(opened).toEqual([0, 1, 2].map((number) => hello(number)));
  });

  test('[NT2] passes over what came before, and what is older', async () => {
    const [host, guest] = [new NoteLine(key, 'host'), new NoteLine(key, 'guest')];
    const [first, second] = [await host.seal(hello(1)), await host.seal(hello(2))];
    expect(await guest.open(second)).toEqual(hello(2));
    expect(await guest.open(second)).toBeNull();
    expect(await guest.open(first)).toBeNull();
    // Another page of the same side begins anew.
    expect(await guest.open(await new NoteLine(key, 'host').seal(hello(7)))).toEqual(hello(7));
  });

  test('[NT2] passes over what cannot be opened, or says nothing that is known', async () => {
    const guest = new NoteLine(key, 'guest');
    const odd = [
      'AAAA',
      await sealNote(key, 'host', 'no JSON'),
      await sealNote(key, 'host', '{}'),
      await sealNote(
        key,
        'host',
        JSON.stringify({ session: 'A'.repeat(16), number: 1, body: '{"type":"unheard-of"}' }),
      ),
      await new NoteLine(key, 'guest').seal(hello(1)),
    ];
    for (const note of odd) expect(await guest.open(note)).toBeNull();
    expect(await guest.open(await new NoteLine(key, 'host').seal(hello(1)))).toEqual(hello(1));
  });

  test('carries the longest message, and refuses what no note holds', async () => {
    const [host, guest] = [new NoteLine(key, 'host'), new NoteLine(key, 'guest')];
    const longest = { type: 'message', number: 1, text: 'ש'.repeat(MAX_MESSAGE_LENGTH) } as const;
    expect(await guest.open(await host.seal(longest))).toEqual(longest);
    const tooLong = { type: 'message', number: 2, text: 'x'.repeat(64 * 1024) } as const;
    await expect(host.seal(tooLong)).rejects.toMatchObject({ reason: 'message-malformed' });
    expect(await guest.open(await host.seal(hello(3)))).toEqual(hello(3));
  });
});
