import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import type { MemoryUploadServer } from './memory-upload-server.ts';

/** What tus sends goes to a server in memory, in place of XMLHttpRequest. */
export class MemoryHttpStack implements HttpStack {
  readonly #server: MemoryUploadServer;

  constructor(server: MemoryUploadServer) {
    this.#server = server;
  }

  createRequest(method: string, url: string): HttpRequest {
    return new MemoryRequest(this.#server, method, url);
  }

  getName(): string {
    return 'memory';
  }
}

class MemoryRequest implements HttpRequest {
  readonly #server: MemoryUploadServer;
  readonly #method: string;
  readonly #url: string;
  readonly #headers = new Headers();
  #progress: (bytes: number) => void = () => {};
  #aborted = false;

  constructor(server: MemoryUploadServer, method: string, url: string) {
    this.#server = server;
    this.#method = method;
    this.#url = url;
  }

  getMethod(): string {
    return this.#method;
  }

  getURL(): string {
    return this.#url;
  }

  setHeader(header: string, value: string): void {
    this.#headers.set(header, value);
  }

  getHeader(header: string): string | undefined {
    return this.#headers.get(header) ?? undefined;
  }

  setProgressHandler(handler: (bytesSent: number) => void): void {
    this.#progress = handler;
  }

  /** As XMLHttpRequest: an aborted request never ends. */
  async send(body: Blob | null): Promise<HttpResponse> {
    const [method, headers] = [this.#method, this.#headers];
    const request = new Request(this.#url, { method, headers, body });
    if (body !== null) this.#progress(Math.floor(body.size / 2));
    const answer = await this.#server
      .answer(request)
      .then(async (response) => ({ response, text: await response.text() }))
      .catch((error: unknown) => ({ error }));
    if (this.#aborted) return await new Promise<never>(() => {});
    if ('error' in answer) throw answer.error;
    if (body !== null) this.#progress(body.size);
    const { response, text } = answer;
    return {
      getStatus: () => response.status,
      getHeader: (header) => response.headers.get(header) ?? undefined,
      getBody: () => text,
      getUnderlyingObject: () => response,
    };
  }

  abort(): Promise<void> {
    this.#aborted = true;
    return Promise.resolve();
  }

  getUnderlyingObject(): null {
    return null;
  }
}
