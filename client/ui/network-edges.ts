import type { CompareStep } from '../compare/compare-state.ts';
import type { CompareMethod } from '../compare/comparison.ts';
import type { MethodRow } from '../compare/summary.ts';

/** A line, and how many bytes went over it. */
export interface Edge {
  readonly from: 'sender' | 'server';
  readonly to: 'server' | 'receiver';
  readonly bytes: number;
}

/** The lines of one run of a method. Of what passes the server, what did not come from the sender went to the receiver. */
export function edgesOfRow({
  uplinkBytes,
  serverBytes,
}: Pick<MethodRow, 'uplinkBytes' | 'serverBytes'>): readonly Edge[] {
  const up = uplinkBytes ?? 0;
  if (serverBytes === null || serverBytes === 0) return straight(up);
  return [
    { from: 'sender', to: 'server', bytes: up },
    { from: 'server', to: 'receiver', bytes: Math.max(0, serverBytes - up) },
  ];
}

/** What has gone over each line of the run that is being made, by what its receiver has of so many bytes. */
export function edgesOfStep(
  { method, leg, fraction }: Extract<CompareStep, { type: 'run' }>,
  bytes: number,
): readonly Edge[] {
  const moved = Math.round(fraction * bytes);
  if (method === 'direct') return straight(moved);
  const edges = (up: number, down: number): readonly Edge[] => [
    { from: 'sender', to: 'server', bytes: up },
    { from: 'server', to: 'receiver', bytes: down },
  ];
  switch (leg) {
    case 'upload':
      return edges(moved, 0);
    case 'download':
      return edges(bytes, moved);
    case 'whole':
      return edges(moved, moved);
  }
}

/** What stands in the middle of a method's picture. */
export function middleOf(method: CompareMethod): 'relay' | 'server' {
  return method === 'relayed' ? 'relay' : 'server';
}

function straight(bytes: number): readonly Edge[] {
  return [{ from: 'sender', to: 'receiver', bytes }];
}
