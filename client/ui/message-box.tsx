import { useSignal } from '@preact/signals';
import type { CompareMessage, HostActions, Together } from '../compare/compare-state.ts';
import './message-box.css';

type MessageWay = CompareMessage['way'];

interface MessageBoxProps {
  readonly together: Together;
  /** whether there is still somebody to write to */
  readonly open?: boolean;
  readonly actions: Pick<HostActions, 'say'>;
}

/** A message is a line or two, not a file. */
const MAX_MESSAGE_LENGTH = 1000;

const WAYS: readonly { readonly way: MessageWay; readonly name: string }[] = [
  { way: 'peer', name: 'Peer to peer' },
  { way: 'through-server', name: 'Through the server' },
];

/** Text for the other side's page, either way, and what both have written. */
export function MessageBox({ together, open = true, actions }: MessageBoxProps) {
  const text = useSignal('');
  const wanted = useSignal<MessageWay>('peer');
  const { messages, peerUp } = together;
  const way = peerUp ? wanted.value : 'through-server';
  const send = (event: Event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (said === '') return;
    actions.say(said, way);
    text.value = '';
  };
  return (
    <section class="card messages">
      <h2 id="messages-title">Messages</h2>
      <div class="messages-log" role="log" aria-labelledby="messages-title" tabIndex={0}>
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
            value={text.value}
            onInput={({ currentTarget }) => (text.value = currentTarget.value)}
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
