import { expect, test } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { sealNote } from '../sealing/note.ts';
import { createSecret } from '../share/link.ts';
import { deriveNoteKey } from '../share/share-keys.ts';
import {
  type SenderNote,
  openReceiverNote,
  openSenderNote,
  sealReceiverNote,
  sealSenderNote,
} from './share-note.ts';

const invitation: SenderNote = { type: 'invitation', secret: encodeBase64url(createSecret()) };
const leg = { startMs: 20, bytesPerSecond: 1e6, noise: 0 };

test('[NT5] an invitation is opened with the share that it was made for, and by no other', async () => {
  const share = createSecret();
  const note = await sealSenderNote(share, invitation);
  expect(await openSenderNote(share, note)).toEqual(invitation);
  expect(await openSenderNote(createSecret(), note)).toBeNull();
});

test('[NT6] a sender says what its line to the server takes, and a receiver that it wants an upload', async () => {
  const share = createSecret();
  for (const said of [leg, null]) {
    const note: SenderNote = { type: 'server-way', leg: said };
    expect(await openSenderNote(share, await sealSenderNote(share, note))).toEqual(note);
  }
  const wanted = await sealReceiverNote(share, { type: 'upload-wanted' });
  expect(await openReceiverNote(share, wanted)).toEqual({ type: 'upload-wanted' });
  expect(await openSenderNote(share, wanted)).toBeNull();
});

test('[NT5] [NT6] what is no such note, or not of this side, is passed over', async () => {
  const share = createSecret();
  const key = await deriveNoteKey(share);
  const host = (said: unknown) => sealNote(key, 'host', JSON.stringify(said));
  const odd = [
    'AAAA',
    '!',
    await sealNote(key, 'guest', JSON.stringify(invitation)),
    await sealNote(key, 'host', 'no JSON'),
    await host({ type: 'invitation', secret: 'short' }),
    await host({ type: 'server-way', leg: { ...leg, bytesPerSecond: 0 } }),
    await host({ type: 'server-way', leg: { ...leg, startMs: -1 } }),
    await host({ type: 'server-way' }),
    await host({ type: 'other' }),
    await host(null),
  ];
  for (const note of odd) expect(await openSenderNote(share, note)).toBeNull();
  expect(await openReceiverNote(share, await host({ type: 'upload-wanted' }))).toBeNull();
});
