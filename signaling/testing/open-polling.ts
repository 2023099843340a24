import * as v from 'valibot';

const openPacketSchema = v.looseObject({ sid: v.string() });

/** A Socket.IO connection over HTTP polling that sends and receives raw payloads. */
export interface RawPolling {
  post(payload: string): Promise<void>;
  get(): Promise<string>;
}

/** Opens one, up to and with the Socket.IO handshake. */
export async function openPolling(url: string): Promise<RawPolling> {
  const endpoint = `${url}/socket.io/?EIO=4&transport=polling`;
  const opened = await (await fetch(endpoint)).text();
  const { sid } = v.parse(openPacketSchema, JSON.parse(opened.slice(1)));
  const session = `${endpoint}&sid=${sid}`;
  const polling: RawPolling = {
    async post(payload) {
      const response = await fetch(session, { method: 'POST', body: payload });
      await response.text();
    },
    get: async () => (await fetch(session)).text(),
  };
  await polling.post('40');
  await polling.get();
  return polling;
}
