/** What Onehop uses of simple-peer 9.11, with the two private fields that give the channel and its transport. */
declare module 'simple-peer/simplepeer.min.js' {
  interface SimplePeerOptions {
    readonly initiator: boolean;
    readonly trickle: boolean;
    readonly objectMode: boolean;
    readonly config: RTCConfiguration;
    readonly channelConfig: RTCDataChannelInit;
  }

  export default class SimplePeer {
    readonly destroyed: boolean;
    readonly destroying: boolean;
    readonly _channel: RTCDataChannel | null;
    readonly _pc: RTCPeerConnection | null;
    constructor(options: SimplePeerOptions);
    signal(data: object): void;
    send(bytes: Uint8Array<ArrayBuffer>): void;
    destroy(error?: Error): void;
    on(event: 'signal' | 'data', listener: (value: unknown) => void): this;
    on(event: 'connect' | 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
