import * as v from 'valibot';
import { base64url } from '../../signaling/protocol/base64url.ts';
import { legProbeSchema } from '../compare/prediction.ts';
import { type NoteAuthor, openNote, sealNote } from '../sealing/note.ts';
import { SECRET_BYTES, type ShareSecret } from '../share/link.ts';
import { deriveNoteKey } from '../share/share-keys.ts';

/** What each side may say. The sender is the notes' host, a receiver their guest. */
const schemas = {
  host: v.variant('type', [
    /** take part in the comparison with this secret */
    v.strictObject({ type: v.literal('invitation'), secret: base64url(SECRET_BYTES) }),
    /** what a probe of the sender's line to the server showed: it uploads if asked to; null where it does not */
    v.strictObject({ type: v.literal('server-way'), leg: v.nullable(legProbeSchema) }),
  ]),
  guest: v.variant('type', [
    /** expected to be faster than the direct way: upload, please */
    v.strictObject({ type: v.literal('upload-wanted') }),
  ]),
} as const;

type NoteOf<Author extends NoteAuthor> = v.InferOutput<(typeof schemas)[Author]>;
/** What a sender says to a receiver of its share, through the server and unread by it (NT5, NT6). */
export type SenderNote = NoteOf<'host'>;
/** What a receiver says to its sender. */
export type ReceiverNote = NoteOf<'guest'>;

/** Seals what a sender says. */
export async function sealSenderNote(share: ShareSecret, note: SenderNote): Promise<string> {
  return await sealNote(await deriveNoteKey(share), 'host', JSON.stringify(note));
}

/** Seals what a receiver says. */
export async function sealReceiverNote(share: ShareSecret, note: ReceiverNote): Promise<string> {
  return await sealNote(await deriveNoteKey(share), 'guest', JSON.stringify(note));
}

/** What a note of this share's sender says; null where it is none. */
export async function openSenderNote(share: ShareSecret, note: string): Promise<SenderNote | null> {
  const said = v.safeParse(schemas.host, await readNote(share, 'host', note));
  return said.success ? said.output : null;
}

/** What a note of a receiver of this share says; null where it is none. */
export async function openReceiverNote(
  share: ShareSecret,
  note: string,
): Promise<ReceiverNote | null> {
  const said = v.safeParse(schemas.guest, await readNote(share, 'guest', note));
  return said.success ? said.output : null;
}

async function readNote(share: ShareSecret, author: NoteAuthor, note: string): Promise<unknown> {
  try {
    return JSON.parse(await openNote(await deriveNoteKey(share), author, note));
  } catch {
    return null;
  }
}
