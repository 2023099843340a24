import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { ReceiveActions, ReceiveState, StorageFit } from '../session/receive-state.ts';
import { formatBytes, formatCount } from './format.ts';
import { CancelButton } from './cancel-button.tsx';

interface OfferedControlsProps {
  readonly state: Extract<ReceiveState, { type: 'offered' }>;
  readonly delivery: ReceiveDelivery;
  readonly actions: ReceiveActions;
  readonly onCancel: () => void;
}

/** How much is to be received, whether there is room for it, and the ways to begin. */
export function OfferedControls({ state, delivery, actions, onCancel }: OfferedControlsProps) {
  const { selected, selectedBytes, storage } = state;
  const isNone = selected.count === 0;
  const isTight = storage !== null && !storage.fits && !isNone;
  return (
    <>
      <p class="lead">
        {isNone
          ? 'Choose at least one file to receive.'
          : `${formatBytes(selectedBytes)}, ${wayWords(delivery)}`}
      </p>
      {isTight && <NoRoom storage={storage} />}
      <p class="buttons">
        <button
          type="button"
          class="button main"
          disabled={isNone || isTight}
          onClick={() => actions.receive()}
        >
          Receive
        </button>
        {storage?.canPickFolder && (
          <button
            type="button"
            class={isTight ? 'button main' : 'button'}
            disabled={isNone}
            onClick={() => actions.receiveIntoFolder()}
          >
            Save to folder…
          </button>
        )}
        {isTight && <MakeRoom storage={storage} actions={actions} />}
        <CancelButton onPress={onCancel} />
      </p>
    </>
  );
}

/** Where the files come from, and who has to stay for that. */
function wayWords({ method, upload }: ReceiveDelivery): string {
  const direct = method === 'direct' || (method === null && upload === null);
  const straight = 'straight from the sender’s browser';
  if (upload?.complete === true) {
    return direct ? `${straight}.` : 'from the server. The sender need not be there.';
  }
  return direct
    ? `${straight}, which has to stay open until everything is here.`
    : 'from the server. The sender’s browser has to stay open until it has uploaded everything.';
}

/** Said before the first byte: there is not enough room, how much is needed, and what can be done. */
function NoRoom({ storage }: { readonly storage: StorageFit }) {
  const { neededBytes, availableBytes, reclaimable, canPickFolder } = storage;
  const free = availableBytes === null ? '' : `, ${formatBytes(availableBytes)} are free`;
  const ways = [
    canPickFolder && 'save straight to a folder',
    reclaimable.count > 0 && 'make room',
    'choose fewer files',
  ].filter((way) => way !== false);
  return (
    <div class="error" role="alert" data-code="storage-full">
      <p>
        <strong>This does not fit into the browser’s storage.</strong> {formatBytes(neededBytes)}{' '}
        are needed{free}. You can {joinWays(ways)}.
      </p>
    </div>
  );
}

function joinWays(ways: readonly string[]): string {
  const last = ways.at(-1) ?? '';
  return ways.length < 2 ? last : `${ways.slice(0, -1).join(', ')} or ${last}`;
}

interface MakeRoomProps {
  readonly storage: StorageFit;
  readonly actions: ReceiveActions;
}

function MakeRoom({ storage: { reclaimable }, actions }: MakeRoomProps) {
  const { count, bytes } = reclaimable;
  if (count === 0) return null;
  return (
    <button type="button" class="button" onClick={() => actions.makeRoom()}>
      Make room: delete {formatCount(count)} kept {count === 1 ? 'download' : 'downloads'} (
      {formatBytes(bytes)})
    </button>
  );
}
