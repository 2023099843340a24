import type { FileFailure, FileSummary } from '../session/file-summary.ts';
import { formatCount, formatFileCount } from './format.ts';
import { visibleName } from './visible-name.ts';

interface FileFailuresProps {
  readonly files: readonly FileSummary[];
  readonly failures: readonly FileFailure[];
  /** whose page it is */
  readonly side: 'sender' | 'receiver';
}

/** How many files are named; all of them are marked in the list of files. */
const NAMED = 5;

const REASONS = ['source-changed', 'source-unreadable'] as const satisfies FileFailure['reason'][];

const TITLES: Readonly<Record<FileFailure['reason'], string>> = {
  'source-changed': 'changed while being sent',
  'source-unreadable': 'can no longer be read',
};

const ADVICE = {
  sender: {
    'source-changed': 'Everything else goes on. Share again to send what is there now.',
    'source-unreadable':
      'Moved, deleted, or on a drive that is gone. Everything else goes on; share again once it is back.',
  },
  receiver: {
    'source-changed': 'Everything else can be had. Ask the sender to share again.',
    'source-unreadable':
      'On the sender’s side, moved, deleted, or on a drive that is gone. Everything else can be had. Ask the sender to share again.',
  },
} as const;

/** Which files cannot be had any more, why, and what to do: an alert for each reason. */
export function FileFailures({ files, failures, side }: FileFailuresProps) {
  return REASONS.map((reason) => {
    const failed = failures.filter((failure) => failure.reason === reason);
    if (failed.length === 0) return null;
    const more = failed.length - NAMED;
    return (
      <div key={reason} class="error" role="alert" data-code={reason}>
        <p>
          <strong>
            {formatFileCount(failed.length)} {TITLES[reason]}.
          </strong>{' '}
          {ADVICE[side][reason]}
        </p>
        <ul class="error-files">
          {failed.slice(0, NAMED).map(({ file }) => (
            <li key={file}>
              <bdi>{visibleName(files[file]?.name ?? '')}</bdi>
            </li>
          ))}
          {more > 0 && <li>and {formatCount(more)} more</li>}
        </ul>
      </div>
    );
  });
}
