import * as v from 'valibot';
import { base64url } from '../../signaling/protocol/base64url.ts';
import { MAX_NOTE_LENGTH } from '../../signaling/protocol/limits.ts';
import { randomId } from '../encoding/random-id.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { type NoteAuthor, openNote, sealNote } from '../sealing/note.ts';
import { type ControlMessage, parseControlMessage } from './control-message.ts';

const SESSION_BYTES = 12;
/** Of so many pages of the other side it is remembered what they said last. */
const MAX_SESSIONS = 64;

/** What is sealed: who wrote it, of which page, the how manyeth of it, and what it says. */
const envelopeSchema = v.strictObject({
  session: base64url(SESSION_BYTES),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  body: v.string(),
});

/** Seals messages in the order in which they are given, and opens those of the other side, each once (NT1, NT2). */
export class NoteLine {
  readonly #key: CryptoKey;
  readonly #author: NoteAuthor;
  readonly #session = randomId(SESSION_BYTES);
  /** by session of the other side: the number of the last note */
  readonly #heard = new Map<string, number>();
  #sent = 0;
  #sealing: Promise<unknown> = Promise.resolve();
  #opening: Promise<unknown> = Promise.resolve();

  /** @param author which of the two writes here */
  constructor(key: CryptoKey, author: NoteAuthor) {
    this.#key = key;
    this.#author = author;
  }

  /** @returns the note that says it, once those before it are made. @throws {OnehopError} `message-malformed` where it is too long */
  seal(message: ControlMessage): Promise<string> {
    this.#sent += 1;
    const text = JSON.stringify({
      session: this.#session,
      number: this.#sent,
      body: JSON.stringify(message),
    });
    const sealed = this.#sealing.then(async () => {
      const note = await sealNote(this.#key, this.#author, text);
      if (note.length > MAX_NOTE_LENGTH) throw new OnehopError('message-malformed');
      return note;
    });
    this.#sealing = sealed.catch(() => {});
    return sealed;
  }

  /** @returns what a note says, once those before it are opened; null where it is not for these eyes, or came before */
  open(note: string): Promise<ControlMessage | null> {
    const opened = this.#opening.then(() => this.#read(note).catch(() => null));
    this.#opening = opened;
    return opened;
  }

  async #read(note: string): Promise<ControlMessage | null> {
    const other = this.#author === 'host' ? 'guest' : 'host';
    const text = await openNote(this.#key, other, note);
    const { session, number, body } = v.parse(envelopeSchema, JSON.parse(text));
    if (number <= (this.#heard.get(session) ?? 0)) return null;
    if (this.#heard.size >= MAX_SESSIONS && !this.#heard.has(session)) return null;
    this.#heard.set(session, number);
    return parseControlMessage(body);
  }
}
