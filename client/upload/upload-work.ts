import { asOnehopError } from '../errors/onehop-error.ts';
import { encodePreface } from '../sealing/preface.ts';
import { RECORD_BYTES, SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { type UploadLayout, fileBytesBefore, layOutUpload } from '../sealing/upload-layout.ts';
import { AskedPieces } from './asked-pieces.ts';
import { RecordStream } from './record-stream.ts';
import { SealedSource } from './sealed-source.ts';
import { PART_BYTES, SEND_LIMITS, type SendPlan, TusSender } from './tus-sender.ts';
import { idOfUrl, layoutMetadata } from './upload-http.ts';
import type { UploadCommand, UploadEvent, UploadOrder } from './upload-messages.ts';

/** What the upload worker does: it seals what it is given and sends that. */
export class UploadWork {
  readonly #tell: (event: UploadEvent) => void;
  readonly #httpStack: SendPlan['httpStack'];
  #pieces: AskedPieces | null = null;
  #sender: TusSender | null = null;

  /** @param httpStack in place of the browser's XMLHttpRequest */
  constructor(tell: (event: UploadEvent) => void, httpStack?: SendPlan['httpStack']) {
    this.#tell = tell;
    this.#httpStack = httpStack;
  }

  /** Does as the page says. */
  take(command: UploadCommand): void {
    switch (command.type) {
      case 'start':
        this.#start(command.order);
        break;
      case 'piece':
        this.#pieces?.supply(command.piece, command);
        break;
      case 'hashes':
        this.#pieces?.supplyHashes(command.hashes);
        break;
      case 'unreadable':
        this.#pieces?.fail(command.reason);
        break;
      case 'pause':
        this.#sender?.pause();
        break;
      case 'resume':
        this.#sender?.start();
        break;
    }
  }

  /** Ends what runs. */
  close(): void {
    this.#sender?.close();
  }

  #start(order: UploadOrder): void {
    try {
      const preface = encodePreface(order.manifest);
      const layout = layOutUpload(order.manifest, preface.length);
      this.#pieces = new AskedPieces(order.manifest, {
        pieces: (pieces) => this.#tell({ type: 'pieces-wanted', pieces }),
        hashes: (first, end) => this.#tell({ type: 'hashes-wanted', first, end }),
      });
      const stream = new RecordStream(layout, preface, this.#pieces);
      this.#send(order, layout, new SealedSource(layout, stream, order.key));
    } catch (error) {
      this.#tell({ type: 'failed', reason: asOnehopError(error).reason });
    }
  }

  #send(order: UploadOrder, layout: UploadLayout, source: SealedSource): void {
    const { endpoint, id, metadata, headers, limits } = order;
    const urlOf = (upload: string) => `${endpoint}/${upload}`;
    const plan: SendPlan = {
      endpoint,
      url: id === null ? null : urlOf(id),
      metadata: { ...metadata, ...layoutMetadata(layout) },
      headers,
      source,
      partBytes: PART_BYTES,
      limits: { ...SEND_LIMITS, ...limits },
      ...(this.#httpStack === undefined ? {} : { httpStack: this.#httpStack }),
    };
    this.#sender = new TusSender(plan, {
      onCreated: (url) => {
        const created = idOfUrl(url);
        this.#tell({ type: 'created', id: created });
        // Of what the server says only the id is taken: the owner key goes nowhere else.
        return urlOf(created);
      },
      onProgress: (sent, stored) =>
        this.#tell({
          type: 'progress',
          sent: fileBytesBefore(layout, streamPosition(sent)),
          stored: fileBytesBefore(layout, streamPosition(stored)),
        }),
      onWaiting: (reason) => this.#tell({ type: 'waiting', reason }),
      onComplete: () => this.#tell({ type: 'complete' }),
      onFailed: (reason) => this.#tell({ type: 'failed', reason }),
    });
    this.#sender.start();
  }
}

/** How far in the stream that is, at least. */
function streamPosition(sealedBytes: number): number {
  const records = Math.floor(sealedBytes / SEALED_RECORD_BYTES);
  const rest = sealedBytes - records * SEALED_RECORD_BYTES;
  return records * RECORD_BYTES + Math.min(rest, RECORD_BYTES);
}
