import type { Readable } from 'node:stream';
import { DataStore, Upload } from '@tus/server';
import { PatchBody } from './patch-body.ts';
import { UploadError } from './upload-error.ts';
import type { UploadRegistry } from './upload-registry.ts';

/** The registry, as @tus/server wants a store to be. */
export class TusStore extends DataStore {
  override readonly extensions = ['creation', 'expiration', 'termination'];
  readonly #registry: UploadRegistry;

  constructor(registry: UploadRegistry) {
    super();
    this.#registry = registry;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { id, size, metadata = {} } = upload;
    if (size === undefined) throw new UploadError('bad-request');
    await this.#registry.create({ id, length: size, metadata });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { upload, metadata } = this.#registry.get(id);
    return new Upload({
      id,
      size: upload.length,
      offset: upload.offset,
      metadata: { ...metadata },
    });
  }

  override async write(body: Readable, id: string, offset: number): Promise<number> {
    const bytes = PatchBody.current?.bytesUntil(body) ?? body;
    return await this.#registry.append(id, offset, bytes);
  }

  override async remove(id: string): Promise<void> {
    await this.#registry.remove(id);
  }
}
