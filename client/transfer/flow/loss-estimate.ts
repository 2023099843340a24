import type { Round } from './round-meter.ts';

/** Payload of a packet of a browser's SCTP, in bytes. */
export const PACKET_BYTES = 1_160;
/** What came longer ago counts less and less: half after so many packets. */
const HALF_LIFE_PACKETS = 4_000;
/** Fewer losses may be chance. */
const LEAST_LOSSES = 3;

/** What was lost of late. */
export interface LossEstimate {
  readonly losses: number;
  readonly packets: number;
}

/** Nothing is known. */
export const NO_LOSS: LossEstimate = { losses: 0, packets: 0 };

/** Takes a round in. */
export function stepLoss({ losses, packets }: LossEstimate, round: Round): LossEstimate {
  const more = round.bytes / PACKET_BYTES;
  const fade = 0.5 ** (more / HALF_LIFE_PACKETS);
  return { losses: losses * fade + round.overtaken, packets: packets * fade + more };
}

/** The share of packets that are lost, from 0 to 1; 0 where that may be chance. */
export function lossRatio({ losses, packets }: LossEstimate): number {
  return losses < LEAST_LOSSES ? 0 : losses / packets;
}

/**
 * What a lane's congestion window comes to with such a loss, in bytes: a sender that halves it at every loss and adds
 * a packet each round trip keeps 1.22 / √loss packets on their way on average (Mathis, Semke, Mahdavi, Ott: The
 * Macroscopic Behavior of the TCP Congestion Avoidance Algorithm, CCR 1997).
 */
export function congestionWindow(loss: number): number {
  return loss === 0 ? Number.POSITIVE_INFINITY : (1.22 * PACKET_BYTES) / Math.sqrt(loss);
}
