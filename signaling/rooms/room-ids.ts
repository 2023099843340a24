import { randomBytes } from 'node:crypto';

/** Makes the names and secrets that the server hands out. */
export interface RoomIds {
  /** 96 bits, base64url */
  peerId(): string;
  /** 128 bits, base64url */
  token(): string;
}

/** Names and secrets from the system's random number generator. */
export const randomRoomIds: RoomIds = {
  peerId: () => randomBytes(12).toString('base64url'),
  token: () => randomBytes(16).toString('base64url'),
};
