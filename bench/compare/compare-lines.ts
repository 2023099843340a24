import { finishedRuns, totalsOf } from '../../client/compare/finished-runs.ts';
import { METHOD_NAMES } from '../../client/compare/method-words.ts';
import { type ComparedSize, type CrowdRun, crowdSeconds } from './measured.ts';

/** A comparison in a few words, for who looks on. */
export function lineOfComparison({
  bytes,
  comparison,
  verdict,
  tcp,
  failure,
}: ComparedSize): string {
  const size = `${bytes / 1e6} MB`.padStart(8);
  if (comparison === null) return `  ${size}  failed: ${failure}`;
  const ways = finishedRuns(comparison).map(
    ({ method, runs }) =>
      `${METHOD_NAMES[method]} ${totalsOf(runs)
        .map((ms) => (ms / 1000).toFixed(2))
        .join(' ')} s`,
  );
  const plain =
    tcp === null
      ? ''
      : `  TCP ${tcp.path.toFixed(2)} s (up ${tcp.up.toFixed(2)}, down ${tcp.down.toFixed(2)})`;
  return `  ${size}  ${ways.join('  ')}${plain}\n            ${verdict}`;
}

/** A transfer to several in a line. */
export function lineOfCrowd(run: CrowdRun): string {
  const { receivers, round, way, upSeconds, serverBytes, failure } = run;
  const head = `  ${round}  ${receivers} × ${way.padEnd(6)}`;
  const seconds = crowdSeconds(run);
  if (seconds === null || serverBytes === null) return `${head}  failed: ${failure}`;
  const up = upSeconds === null ? '' : ` (up ${upSeconds.toFixed(2)})`;
  return `${head}  ${seconds.toFixed(2)} s${up}  server ${(serverBytes / 1e6).toFixed(1)} MB`;
}
