import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CompareMessage, HostActions, Together } from '../compare/compare-state.ts';
import './message-box.css';

type MessageWay = CompareMessage['way'];

interface MessageBoxProps {
  readonly together: Together;
  /** whether there is still somebody to write to */
  readonly open?: boolean;
  readonly actions: Pick<HostActions, 'say'>;
  /** what is typed and not sent: the page's, as the box goes away where the page's view changes */
  readonly draft: Signal<string>;
}

/** A message is a line or two, not a file. */
const MAX_MESSAGE_LENGTH = 1000;

const WAYS: readonly { readonly way: MessageWay; readonly name: string }[] = [
  { way: 'peer', name: 'Peer to peer' },
  { way: 'through-server', name: 'Through the server' },
];

/** Text for the other side's page, either way, and what both have written. */
export function MessageBox({ together, open = true, actions, draft }: MessageBoxProps) {
  const log = useRef<HTMLDivElement>(null);
  const wanted = useSignal<MessageWay>('peer');
  const { messages, peerUp } = together;
  useLayoutEffect(() => log.current?.scrollTo(0, log.current.scrollHeight), [messages.length]);
  const way = peerUp ? wanted.value : 'through-server';
  const send = (event: Event) => {
    event.preventDefault();
    const said = draft.value.trim();
    if (said === '') return;
    actions.say(said, way);
    draft.value = '';
  };
  return (
    <section class="card messages">
      <h2 id="messages-title">Messages</h2>
      <div
        ref={log}
        class="messages-log"
        role="log"
        aria-labelledby="messages-title"
        tabIndex={messages.length === 0 ? -1 : 0}
      >
        {messages.map((message, index) => (
          <Message key={index} message={message} />
        ))}
      </div>
      {messages.length === 0 && <p class="small-words">Nobody has written anything yet.</p>}
      {open && (
        <form class="message-form" onSubmit={send}>
          <label for="message">Message</label>
          <input
            id="message"
            type="text"
            class="field"
            autocomplete="off"
            maxLength={MAX_MESSAGE_LENGTH}
            value={draft.value}
            onInput={({ currentTarget }) => (draft.value = currentTarget.value)}
          />
          <button type="submit" class="button">
            Send
          </button>
          <div class="message-ways" role="radiogroup" aria-label="How the message goes">
            {WAYS.map(({ way: one, name }) => (
              <label key={one} class="choice">
                <input
                  type="radio"
                  name="message-way"
                  value={one}
                  checked={way === one}
                  disabled={one === 'peer' && !peerUp}
                  onChange={() => (wanted.value = one)}
                />
                {name}
              </label>
            ))}
          </div>
          {!peerUp && (
            <p class="small-words message-note">
              There is no direct connection between the two pages now.
            </p>
          )}
        </form>
      )}
    </section>
  );
}

function Message({
  message: { from, text, way, delivered },
}: {
  readonly message: CompareMessage;
}) {
  const mine = from === 'me';
  return (
    <div class="message" data-from={from}>
      <span class="message-from">{mine ? 'You' : 'Other side'}</span>
      <bdi class="message-text">{text}</bdi>
      <span class="message-facts">
        {way === 'peer' ? 'peer to peer' : 'through the server'}
        {mine && (delivered ? ', ✓ delivered' : ', not delivered yet')}
      </span>
    </div>
  );
}
