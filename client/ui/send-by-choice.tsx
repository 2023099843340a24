import type { SendBy, SendDelivery } from '../session/delivery-state.ts';
import type { SendActions } from '../session/send-state.ts';
import { offeredLifetimes } from '../session/upload-lifetimes.ts';
import { formatLifetime } from './format.ts';
import './send-by-choice.css';

interface SendByChoiceProps {
  readonly delivery: SendDelivery;
  readonly actions: Pick<SendActions, 'sendBy' | 'chooseUpload'>;
}

const WAYS: readonly { readonly by: SendBy; readonly name: string; readonly words: string }[] = [
  {
    by: 'any',
    name: 'Fastest',
    words: 'Directly, or through the server where that is expected to be faster.',
  },
  {
    by: 'direct',
    name: 'Directly',
    words: 'One hop, straight from this page, which stays open meanwhile.',
  },
  {
    by: 'server',
    name: 'Through the server',
    words: 'Two hops: encrypted here, kept there until it expires. You may leave.',
  },
];

/** How the files are to go, and on which terms the server keeps them. */
export function SendByChoice({ delivery, actions }: SendByChoiceProps) {
  const { sendBy, offered, upload } = delivery;
  if (!offered) return null;
  // One that failed goes on as it was begun.
  const begun = upload.type !== 'none' && upload.type !== 'gone';
  return (
    <section class="send-by">
      <h2 id="send-by-title">Send by</h2>
      <div class="send-by-ways" role="radiogroup" aria-labelledby="send-by-title">
        {WAYS.map(({ by, name, words }) => (
          <label key={by} class="send-by-way">
            <input
              type="radio"
              name="send-by"
              value={by}
              checked={sendBy === by}
              aria-label={name}
              aria-describedby={`send-by-${by}`}
              onChange={() => actions.sendBy(by)}
            />
            <span>
              <span class="send-by-name">{name}</span>
              <span class="send-by-words" id={`send-by-${by}`}>
                {words}
              </span>
            </span>
          </label>
        ))}
      </div>
      {sendBy !== 'direct' && !begun && <UploadTerms delivery={delivery} actions={actions} />}
    </section>
  );
}

const LIMITS: readonly { readonly limit: number; readonly words: string }[] = [
  { limit: 0, words: 'any number' },
  { limit: 1, words: 'one, then deleted' },
];

function UploadTerms({ delivery: { choice, maxLifetimeHours }, actions }: SendByChoiceProps) {
  const { lifetimeHours, downloadLimit } = choice;
  return (
    <p class="send-by-terms">
      <label>
        The server keeps them for
        <select
          value={String(lifetimeHours)}
          onChange={({ currentTarget }) =>
            actions.chooseUpload({ ...choice, lifetimeHours: Number(currentTarget.value) })
          }
        >
          {offeredLifetimes(maxLifetimeHours, lifetimeHours).map((hours) => (
            <option key={hours} value={String(hours)}>
              {formatLifetime(hours)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Downloads
        <select
          value={String(downloadLimit)}
          onChange={({ currentTarget }) =>
            actions.chooseUpload({ ...choice, downloadLimit: Number(currentTarget.value) })
          }
        >
          {LIMITS.map(({ limit, words }) => (
            <option key={limit} value={String(limit)}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}
