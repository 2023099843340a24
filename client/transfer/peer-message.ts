import { OnehopError } from '../errors/onehop-error.ts';
import { type ControlMessage, decodeControlMessage } from './control-message.ts';
import { type DataFrame, FRAME_TYPE, decodeDataFrame } from './data-frame.ts';

/** One message on a channel. */
export type PeerMessage =
  | { readonly type: 'control'; readonly message: ControlMessage }
  | { readonly type: 'data'; readonly frame: DataFrame };

/**
 * Reads whatever a peer sent: the only way from a channel's bytes into typed values.
 * @throws {OnehopError} `frame-malformed` or `message-malformed`
 */
export function decodePeerMessage(bytes: ArrayBuffer): PeerMessage {
  switch (new Uint8Array(bytes)[1]) {
    case FRAME_TYPE.data:
      return { type: 'data', frame: decodeDataFrame(bytes) };
    case FRAME_TYPE.control:
      return { type: 'control', message: decodeControlMessage(bytes) };
    default:
      throw new OnehopError('frame-malformed');
  }
}
