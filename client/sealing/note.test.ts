import { describe, expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { SECRET_BYTES } from '../share/link.ts';
import { deriveNoteKey } from '../share/share-keys.ts';
import { openNote, sealNote } from './note.ts';

const key = await deriveNoteKey(Uint8Array.from({ length: SECRET_BYTES }, (_, index) => index));

describe('a note', () => {
  test('is opened by who has the key', async () => {
    for (const text of ['', 'Hello', '👋 שלום', 'x'.repeat(20_000)]) {
      expect(await openNote(key, 'host', await sealNote(key, 'host', text))).toBe(text);
    }
  });

  test('[NT1] is sealed anew each time', async () => {
    expect(await sealNote(key, 'host', 'Hello')).not.toBe(await sealNote(key, 'host', 'Hello'));
  });

  test('[NT1] of the one is not taken for one of the other', async () => {
    const note = await sealNote(key, 'host', 'Hello');
    await expect(openNote(key, 'guest', note)).rejects.toMatchObject({
      reason: 'message-malformed',
    });
  });

  test('[NT1] that was changed anywhere, or sealed with another key, is refused', async () => {
    const note = decodeBase64url(await sealNote(key, 'host', 'Hello')) ?? new Uint8Array();
    for (let index = 0; index < note.length; index += 1) {
      const changed = note.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(openNote(key, 'host', encodeBase64url(changed))).rejects.toMatchObject({
        reason: 'message-malformed',
      });
    }
    const other = await deriveNoteKey(new Uint8Array(SECRET_BYTES));
    const refused = { reason: 'message-malformed' };
    await expect(openNote(other, 'host', encodeBase64url(note))).rejects.toMatchObject(refused);
    await expect(openNote(key, 'host', 'short')).rejects.toMatchObject(refused);
    await expect(openNote(key, 'host', '!')).rejects.toMatchObject(refused);
  });
});
