import * as v from 'valibot';
import { MAX_LANES } from '../../signaling/protocol/limits.ts';
import { iceServerSchema, maxLanesSchema } from '../../signaling/protocol/replies.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { Membership } from '../room/membership.ts';
import { SECRET_BYTES, type ShareSecret } from '../share/link.ts';
import {
  FIRST_CHOICE,
  type SendBy,
  type UploadChoice,
  sendBySchema,
  uploadChoiceSchema,
} from '../session/delivery-state.ts';
import type { KeptUpload } from '../upload/uploader.ts';
import { type Manifest, buildManifest, manifestEntrySchema } from '../share/manifest.ts';

const FORMAT = 1;

/** What a page keeps of its share, so that a later page can go on with it once the same files are chosen again. */
export interface ShareRecord {
  readonly secret: ShareSecret;
  readonly manifest: Manifest;
  /** the sender's place in the room; null until it has one */
  readonly membership: Membership | null;
  /** what it left with the server; null where nothing */
  readonly upload: KeptUpload | null;
  /** how its files are to go, and on which terms they are left with the server */
  readonly sendBy: SendBy;
  readonly choice: UploadChoice;
  /** milliseconds since 1970 */
  readonly createdAt: number;
}

const headSchema = v.strictObject({
  format: v.literal(FORMAT),
  secret: v.string(),
  membership: v.nullable(
    v.strictObject({
      token: v.string(),
      iceServers: v.array(iceServerSchema),
      // Earlier versions kept none.
      maxLanes: v.optional(maxLanesSchema, MAX_LANES),
    }),
  ),
  // Earlier versions made none.
  upload: v.optional(
    v.nullable(v.strictObject({ id: v.nullable(v.string()), salt: v.string(), owner: v.string() })),
    null,
  ),
  // Earlier versions kept none.
  sendBy: v.optional(sendBySchema, 'any'),
  choice: v.optional(uploadChoiceSchema, FIRST_CHOICE),
  createdAt: v.number(),
  name: v.string(),
  fileCount: v.number(),
  totalBytes: v.number(),
});

/** The small part of a record: what changes, and what a list of shares shows. */
export type ShareHead = v.InferOutput<typeof headSchema>;

/** The small part of a record, as a file. */
export function encodeShareHead(record: ShareRecord): string {
  const head: ShareHead = {
    format: FORMAT,
    secret: encodeBase64url(record.secret),
    membership:
      record.membership === null
        ? null
        : {
            token: record.membership.token,
            iceServers: [...record.membership.iceServers],
            maxLanes: record.membership.maxLanes,
          },
    upload: record.upload,
    sendBy: record.sendBy,
    choice: record.choice,
    createdAt: record.createdAt,
    name: record.manifest.entries[0]?.path ?? '',
    fileCount: record.manifest.entries.length,
    totalBytes: record.manifest.totalBytes,
  };
  return JSON.stringify(head);
}

/** The large part of a record, which never changes: the list of its files. */
export function encodeShareFiles({ manifest }: ShareRecord): string {
  return JSON.stringify(manifest.entries);
}

/** Reads the small part of a record; null where it is none. */
export function decodeShareHead(text: string): ShareHead | null {
  const head = v.safeParse(headSchema, parseJson(text));
  return head.success ? head.output : null;
}

/** Reads a record; null where it is none. */
export function decodeShareRecord(headText: string, filesText: string): ShareRecord | null {
  const head = decodeShareHead(headText);
  const secret = head === null ? null : decodeBase64url(head.secret);
  const entries = v.safeParse(v.array(manifestEntrySchema), parseJson(filesText));
  const manifest = entries.success ? buildManifest(entries.output) : null;
  if (head === null || secret?.length !== SECRET_BYTES || manifest === null) return null;
  const { membership, upload, sendBy, choice, createdAt } = head;
  return { secret, manifest, membership, upload, sendBy, choice, createdAt };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
