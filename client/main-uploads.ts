import type { LeftUpload } from './kept-share/kept-shares.ts';
import type { ReceiveTools } from './session/receive-tools.ts';
import type { SendTools } from './session/send-session.ts';
import { deriveShareKeys } from './share/share-keys.ts';
import { DownloadClaim } from './transfer/download-claim.ts';
import { ServerSource, openDownloadThread } from './transfer/server-source.ts';
import { type LegProbeTools, probeDownload, probeUpload } from './upload/leg-probe.ts';
import { UploadApi } from './upload/upload-api.ts';
import { Uploader, openUploadThread } from './upload/uploader.ts';

const uploads = new UploadApi(location.origin);

const probing: LegProbeTools = {
  origin: location.origin,
  fetch: (input, init) => fetch(input, init),
  now: () => performance.now(),
};

/** How a sending page leaves files with the server. */
export const uploadTools: Pick<SendTools, 'uploads' | 'openUploader' | 'probeUpload'> = {
  uploads,
  probeUpload: (signal) => probeUpload(probing, signal),
  openUploader: (task, { read, hashOf }, listener) =>
    new Uploader(
      task,
      { origin: location.origin, read, hashOf, openThread: openUploadThread },
      listener,
    ),
};

/** Deletes what a share that is given up left with the server. @throws {OnehopError} as `UploadApi.delete` */
export async function deleteLeft({ secret, owner }: LeftUpload): Promise<void> {
  await uploads.delete(await deriveShareKeys(secret), owner, new AbortController().signal);
}

/** What a receiving page's line from the server takes. */
export const probeOwnLine: ReceiveTools['probeDownload'] = (signal) =>
  probeDownload(probing, signal);

/** A place among the downloads that an earlier page took. */
export const openClaim: ReceiveTools['openClaim'] = (keys, token) =>
  new DownloadClaim(uploads, keys, token);

/** How a receiving page gets them from there. */
export const openServerSource: ReceiveTools['openServerSource'] = (secret, keys, listener) =>
  new ServerSource({ api: uploads, secret, keys, openThread: openDownloadThread }, listener);
