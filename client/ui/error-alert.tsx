import type { ErrorReason } from '../errors/error-reason.ts';
import { ERROR_WORDS } from './error-words.ts';
import { Heading } from './heading.tsx';
import './error-alert.css';

/** What failed, in words, as the heading of its view. `data-code` carries the reason for scripts. */
export function ErrorAlert({ reason }: { readonly reason: ErrorReason }) {
  const words = ERROR_WORDS[reason];
  return (
    <div class="error" role="alert" data-code={reason}>
      <Heading>{words.title}</Heading>
      <p class="lead">{withCommands(words.advice)}</p>
    </div>
  );
}

/** What failed beside what went well: an alert under the view's own heading. */
export function ErrorNote({ reason }: { readonly reason: ErrorReason }) {
  const words = ERROR_WORDS[reason];
  return (
    <div class="error" role="alert" data-code={reason}>
      <p>
        <strong>{words.title}.</strong> {withCommands(words.advice)}
      </p>
    </div>
  );
}

/** What stands in backticks is a command. */
function withCommands(text: string) {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
