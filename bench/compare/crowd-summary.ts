import { median } from '../../client/compare/statistics.ts';
import { type CrowdRun, CROWD_WAYS, type CrowdWay, crowdSeconds } from './measured.ts';

/** A number of receivers in a profile: medians of each way. */
export interface CrowdSummary {
  readonly profile: string;
  readonly bytes: number;
  readonly receivers: number;
  readonly ways: Readonly<
    Record<
      CrowdWay,
      {
        readonly runs: number;
        readonly failed: number;
        /** null where none was through */
        readonly seconds: number | null;
        readonly upSeconds: number | null;
        readonly serverBytes: number | null;
      }
    >
  >;
}

/** Sums up what several receivers at once took, in the order in which it was measured first. */
export function summarizeCrowds(runs: readonly CrowdRun[]): readonly CrowdSummary[] {
  const keyOf = ({ profile, receivers }: CrowdRun): string => `${profile} ${receivers}`;
  return [...new Set(runs.map(keyOf))].flatMap((key) => {
    const group = runs.filter((run) => keyOf(run) === key);
    const [first] = group;
    if (first === undefined) return [];
    const { profile, bytes, receivers } = first;
    const [direct, server] = CROWD_WAYS.map((way) => {
      const own = group.filter((run) => run.way === way);
      return {
        runs: own.length,
        failed: own.filter(({ failure }) => failure !== null).length,
        seconds: median(own.flatMap((run) => crowdSeconds(run) ?? [])),
        upSeconds: median(own.flatMap((run) => run.upSeconds ?? [])),
        serverBytes: median(own.flatMap((run) => run.serverBytes ?? [])),
      };
    });
    if (direct === undefined || server === undefined) return [];
    return [{ profile, bytes, receivers, ways: { direct, server } }];
  });
}
