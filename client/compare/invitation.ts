import * as v from 'valibot';
import { base64url } from '../../signaling/protocol/base64url.ts';
import { openNote, sealNote } from '../sealing/note.ts';
import { SECRET_BYTES, type ShareSecret } from '../share/link.ts';
import { deriveNoteKey } from '../share/share-keys.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

const invitationSchema = v.strictObject({
  type: v.literal('invitation'),
  secret: base64url(SECRET_BYTES),
});

/** The note by which a sender asks a receiver of its share into a comparison (NT5). @param comparison the comparison's secret */
export async function sealInvitation(share: ShareSecret, comparison: ShareSecret): Promise<string> {
  const text = JSON.stringify({ type: 'invitation', secret: encodeBase64url(comparison) });
  return await sealNote(await deriveNoteKey(share), 'host', text);
}

/** The secret of the comparison that a note invites to; null where it is no invitation of this share's sender. */
export async function openInvitation(
  share: ShareSecret,
  note: string,
): Promise<ShareSecret | null> {
  try {
    const text = await openNote(await deriveNoteKey(share), 'host', note);
    const parsed = v.safeParse(invitationSchema, JSON.parse(text));
    return parsed.success ? decodeBase64url(parsed.output.secret) : null;
  } catch {
    return null;
  }
}
