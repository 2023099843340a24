// What the two pages of a plain data channel do. These functions run in the pages, by Playwright's evaluate: each stands
// alone, and what one leaves for the next is on `globalThis.bench`.

/** How a plain sender fills its channel. */
export interface Filling {
  readonly bytes: number;
  /** of one message */
  readonly messageBytes: number;
  /** what it keeps in the send buffer at most, and what is left of that when it fills up again */
  readonly highBytes: number;
  readonly lowBytes: number;
}

interface BenchPage {
  connection: RTCPeerConnection;
  channel: Promise<RTCDataChannel>;
}

declare global {
  // A page's own place for what outlives one call.
  var bench: BenchPage;
}

/** On the receiving page: makes the connection and its channel. Resolves to the offer, candidates included. */
export async function offerChannel(): Promise<string> {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('bytes', { ordered: true });
  channel.binaryType = 'arraybuffer';
  const opened = new Promise<RTCDataChannel>((resolve) => {
    channel.addEventListener('open', () => resolve(channel));
  });
  globalThis.bench = { connection, channel: opened };
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      connection.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
  return connection.localDescription?.sdp ?? '';
}

/** On the sending page: takes the offer. Resolves to the answer, candidates included. */
export async function answerChannel(sdp: string): Promise<string> {
  const connection = new RTCPeerConnection();
  const channel = new Promise<RTCDataChannel>((resolve) => {
    connection.addEventListener('datachannel', (event) => resolve(event.channel));
  });
  globalThis.bench = { connection, channel };
  await connection.setRemoteDescription({ type: 'offer', sdp });
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      connection.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
  return connection.localDescription?.sdp ?? '';
}

/** On the receiving page: takes the answer, and waits until the channel is open. */
export async function acceptAnswer(sdp: string): Promise<void> {
  await globalThis.bench.connection.setRemoteDescription({ type: 'answer', sdp });
  await globalThis.bench.channel;
}

/** On the sending page: sends everything as soon as the receiver says so, and keeps the send buffer filled meanwhile. */
export async function sendWhenAsked(filling: Filling): Promise<void> {
  const channel = await globalThis.bench.channel;
  const { bytes, messageBytes, highBytes, lowBytes } = filling;
  const message = crypto.getRandomValues(new Uint8Array(65_536));
  const buffer = new Uint8Array(messageBytes);
  for (let at = 0; at < messageBytes; at += message.length) buffer.set(message, at);
  channel.bufferedAmountLowThreshold = lowBytes;
  let left = bytes;
  const fill = (): void => {
    while (left > 0 && channel.bufferedAmount + messageBytes <= highBytes) {
      channel.send(left < messageBytes ? buffer.subarray(0, left) : buffer);
      left -= Math.min(left, messageBytes);
    }
  };
  channel.addEventListener('bufferedamountlow', fill);
  channel.addEventListener('message', fill, { once: true });
}

/** On the receiving page: asks for the bytes and counts them until all are there or the time is over. */
export async function receiveBytes({
  bytes,
  limitMs,
}: {
  readonly bytes: number;
  readonly limitMs: number;
}): Promise<{ readonly bytes: number; readonly seconds: number }> {
  const channel = await globalThis.bench.channel;
  const begun = performance.now();
  let received = 0;
  const end = new Promise<void>((resolve) => {
    setTimeout(resolve, limitMs);
    channel.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) received += data.byteLength;
      if (received >= bytes) resolve();
    });
  });
  channel.send('go');
  await end;
  return { bytes: received, seconds: (performance.now() - begun) / 1000 };
}
