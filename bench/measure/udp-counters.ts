/** What the kernel counted of UDP in one network namespace (`/proc/net/snmp`). */
export interface UdpCounters {
  readonly received: number;
  readonly sent: number;
  /** dropped because the program's receive buffer was full */
  readonly receiveBufferErrors: number;
  readonly sendBufferErrors: number;
}

const FIELDS = {
  received: 'InDatagrams',
  sent: 'OutDatagrams',
  receiveBufferErrors: 'RcvbufErrors',
  sendBufferErrors: 'SndbufErrors',
} as const;

/**
 * Reads a text of the form of `/proc/net/snmp`.
 * @throws Error where it counts no UDP
 */
export function readUdpCounters(text: string): UdpCounters {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  const valueOf = (name: string): number => {
    const value = Number(values?.[names?.indexOf(name) ?? -1]);
    if (!Number.isFinite(value)) throw new Error(`The kernel does not count ${name}.`);
    return value;
  };
  return {
    received: valueOf(FIELDS.received),
    sent: valueOf(FIELDS.sent),
    receiveBufferErrors: valueOf(FIELDS.receiveBufferErrors),
    sendBufferErrors: valueOf(FIELDS.sendBufferErrors),
  };
}

/** What was counted between two readings. */
export function udpSince(before: UdpCounters, after: UdpCounters): UdpCounters {
  return {
    received: after.received - before.received,
    sent: after.sent - before.sent,
    receiveBufferErrors: after.receiveBufferErrors - before.receiveBufferErrors,
    sendBufferErrors: after.sendBufferErrors - before.sendBufferErrors,
  };
}
