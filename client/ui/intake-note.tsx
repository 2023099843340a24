import { formatCount } from './format.ts';
import type { IntakeNote as Note } from './use-intake.ts';
import { visibleName } from './visible-name.ts';

/** How many paths a note names; more would push the page's own content away. */
const NAMED = 5;

const WORDS = {
  'already-sharing': 'Files are being shared already. Stop sharing first to send others.',
  'still-reading': 'Folders are still being read. Cancel that first to send other files.',
} as const;

/** What was not taken of what the user dropped, pasted or chose. The element stays, so that what comes into it is read out. */
export function IntakeNote({ note }: { readonly note: Note | null }) {
  return (
    <div class="note" aria-live="polite">
      {note !== null && (note.type === 'unreadable' ? <Unreadable {...note} /> : WORDS[note.type])}
    </div>
  );
}

function Unreadable({ paths }: { readonly paths: readonly string[] }) {
  const more = paths.length - NAMED;
  return (
    <>
      <p>
        <strong>The browser could not read these, so they were left out.</strong> Check that they
        are still there, are no links, and may be opened, then choose everything again.
      </p>
      <ul class="note-paths">
        {paths.slice(0, NAMED).map((path, index) => (
          <li key={index}>
            <bdi>{visibleName(path)}</bdi>
          </li>
        ))}
        {more > 0 && <li>and {formatCount(more)} more</li>}
      </ul>
    </>
  );
}
