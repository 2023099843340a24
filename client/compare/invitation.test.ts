import { expect, test } from 'vitest';
import { createSecret } from '../share/link.ts';
import { sealNote } from '../sealing/note.ts';
import { deriveNoteKey } from '../share/share-keys.ts';
import { openInvitation, sealInvitation } from './invitation.ts';

test('[NT5] an invitation is opened with the share that it was made for, and by no other', async () => {
  const [share, comparison] = [createSecret(), createSecret()];
  const note = await sealInvitation(share, comparison);
  expect(await openInvitation(share, note)).toEqual(comparison);
  expect(await openInvitation(createSecret(), note)).toBeNull();
});

test('[NT5] what is no invitation, or not the sender’s, is passed over', async () => {
  const share = createSecret();
  const key = await deriveNoteKey(share);
  const told = JSON.stringify({ type: 'invitation', secret: 'A'.repeat(22) });
  const odd = [
    'AAAA',
    '!',
    await sealNote(key, 'guest', told),
    await sealNote(key, 'host', 'no JSON'),
    await sealNote(key, 'host', JSON.stringify({ type: 'invitation', secret: 'short' })),
    await sealNote(key, 'host', JSON.stringify({ type: 'other' })),
  ];
  for (const note of odd) expect(await openInvitation(share, note)).toBeNull();
});
