import { json, type Request, type RequestHandler, type Response } from 'express';
import * as v from 'valibot';
import { clientAddress } from '../client-address.ts';
import type { Clock } from '../clock.ts';
import { isSameOrigin } from '../gateway/same-origin.ts';
import type { Log } from '../log.ts';
import { claimRequestSchema, UPLOAD_TERMS_PATH, type UploadTerms } from '../protocol/uploads.ts';
import type { AddressBudget } from './address-budget.ts';
import { API_HEADERS, codeOf, sendFailure, sendValue } from './api-answer.ts';
import { bearer } from './bearer.ts';
import { answerContent } from './content-handler.ts';
import { giveProbe, takeProbe } from './probe.ts';
import type { TransferSlots } from './transfer-slots.ts';
import type { TusHandler } from './tus-handler.ts';
import { UploadError } from './upload-error.ts';
import type { UploadRegistry } from './upload-registry.ts';
import type { UploadStore } from './upload-store.ts';

/** The largest JSON body, in bytes. */
const MAX_JSON_BYTES = 1024;

/** What a share has. */
const SHARE_PATH = /^\/api\/shares\/([A-Za-z0-9_-]{22})$/;

export interface UploadsApiDeps {
  readonly registry: UploadRegistry;
  readonly store: UploadStore;
  readonly tus: TusHandler;
  readonly uploadSlots: TransferSlots;
  readonly downloadSlots: TransferSlots;
  readonly created: AddressBudget;
  readonly probeSlots: TransferSlots;
  readonly probed: AddressBudget;
  readonly terms: UploadTerms;
  readonly clock: Clock;
  readonly log: Log;
  /** how many proxies stand in front of this server */
  readonly proxies: number;
}

type Handle = (request: Request, response: Response, id: string) => Promise<void>;

interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, Handle>>;
}

/** Everything below `/api` while uploads are off: there are no terms, and a share has nothing there. */
export function uploadsOff(): RequestHandler {
  return (request, response) => {
    response.set(API_HEADERS);
    const path = pathOf(request);
    const isAnswered = path === UPLOAD_TERMS_PATH || SHARE_PATH.test(path);
    if (request.method === 'GET' && isAnswered) sendValue(response, null);
    else sendFailure(response, 'uploads-off');
  };
}

/** Everything below `/api`: uploads by tus, and what receivers ask for about a share's upload. */
export function uploadsApi(deps: UploadsApiDeps): RequestHandler {
  const routes = makeRoutes(deps);
  return async (request, response) => {
    response.set(API_HEADERS);
    try {
      if (!isSameOrigin(request, deps.proxies > 0)) throw new UploadError('not-same-origin');
      const { handle, id } = find(routes, request);
      await handle(request, response, id);
    } catch (thrown) {
      if (response.destroyed) return;
      sendFailure(response, codeOf(thrown, deps.log));
    }
  };
}

function makeRoutes(deps: UploadsApiDeps): readonly Route[] {
  const { registry, tus } = deps;
  const secretOf = (request: Request) => bearer(request) ?? '';
  const { uploadSlots, downloadSlots, proxies } = deps;
  const content: Handle = (request, response, id) => answerContent(request, response, id, deps);
  const one: Handle = (request, response, id) => tus.handle(request, response, id);
  const options: Handle = (request, response) => tus.handle(request, response);
  return [
    {
      path: /^\/api\/terms$/,
      methods: { GET: async (_request, response) => sendValue(response, deps.terms) },
    },
    {
      path: /^\/api\/probe$/,
      methods: { GET: probing(deps, giveProbe), POST: probing(deps, takeProbe) },
    },
    {
      path: /^\/api\/uploads$/,
      methods: { POST: counted(deps, options), OPTIONS: options },
    },
    {
      path: /^\/api\/uploads\/([A-Za-z0-9_-]{22})$/,
      methods: {
        HEAD: one,
        PATCH: inSlot(uploadSlots, proxies, one),
        DELETE: one,
        OPTIONS: options,
      },
    },
    {
      path: SHARE_PATH,
      methods: {
        GET: async (request, response, id) =>
          sendValue(response, registry.look(id, secretOf(request))),
        DELETE: async (request, response, id) => {
          await registry.removeOf(id, secretOf(request));
          sendValue(response, null);
        },
      },
    },
    {
      path: /^\/api\/shares\/([A-Za-z0-9_-]{22})\/claims$/,
      methods: {
        POST: async (request, response, id) => {
          registry.prove(id, secretOf(request));
          const { receiver } = await readClaimRequest(request, response);
          sendValue(response, { claim: await registry.claim(id, secretOf(request), receiver) });
        },
        DELETE: async (request, response, id) => {
          await registry.giveBack(id, secretOf(request));
          sendValue(response, null);
        },
      },
    },
    {
      path: /^\/api\/shares\/([A-Za-z0-9_-]{22})\/content$/,
      methods: { GET: inSlot(downloadSlots, proxies, content), HEAD: content },
    },
    {
      path: /^\/api\/shares\/([A-Za-z0-9_-]{22})\/receipts$/,
      methods: {
        POST: async (request, response, id) =>
          sendValue(response, { downloads: await registry.confirm(id, secretOf(request)) }),
      },
    },
  ];
}

/** By the address as it came: what is encoded or relative in it is no id of ours. */
function find(routes: readonly Route[], request: Request): { handle: Handle; id: string } {
  const path = pathOf(request);
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match === null) continue;
    const handle = new Map(Object.entries(route.methods)).get(request.method);
    if (handle === undefined) throw new UploadError('bad-request');
    return { handle, id: match[1] ?? '' };
  }
  throw new UploadError('upload-not-found');
}

function pathOf({ originalUrl }: Request): string {
  return originalUrl.split('?')[0] ?? '';
}

/** Lets only so many transfers run at once. */
function inSlot(slots: TransferSlots, proxies: number, handle: Handle): Handle {
  return async (request, response, id) => {
    const free = slots.take(clientAddress(request, proxies));
    if (free === undefined) throw new UploadError('too-many-requests');
    try {
      await handle(request, response, id);
    } finally {
      free();
    }
  };
}

/** Lets each address make only so many uploads an hour. */
function counted({ created, proxies }: UploadsApiDeps, handle: Handle): Handle {
  return async (request, response, id) => {
    const address = clientAddress(request, proxies);
    if (!created.spend(address)) throw new UploadError('too-many-uploads');
    try {
      await handle(request, response, id);
    } finally {
      if (response.statusCode !== 201) created.refund(address);
    }
  };
}

/** Lets each address probe only so often, and only so many probes run at once. */
function probing({ probed, probeSlots, proxies }: UploadsApiDeps, handle: Handle): Handle {
  const handleInSlot = inSlot(probeSlots, proxies, handle);
  return async (request, response, id) => {
    if (!probed.spend(clientAddress(request, proxies))) throw new UploadError('too-many-requests');
    await handleInSlot(request, response, id);
  };
}

const parseJson = json({ limit: MAX_JSON_BYTES });

async function readClaimRequest(request: Request, response: Response) {
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (problem?: unknown) => {
      if (problem === undefined) resolve();
      else reject(new UploadError('bad-request', { cause: problem }));
    });
  });
  const body: unknown = request.body;
  const parsed = v.safeParse(claimRequestSchema, body);
  if (!parsed.success) throw new UploadError('bad-request');
  return parsed.output;
}
