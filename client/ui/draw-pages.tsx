import { type Signal, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { FIRST_DELIVERY, NO_DELIVERY } from '../session/delivery-state.ts';
import type { KeptState } from '../session/kept-state.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import type { ReceiverDetails } from '../session/receiver-watch.ts';
import type { SendState } from '../session/send-state.ts';
import type { TransferDetails } from '../session/transfer-details.ts';
import { DrawnPage } from './drawn-page.ts';
import { ReceivePage } from './receive-page.tsx';
import {
  keptActionSpies,
  receiveActionSpies,
  sampleNotice,
  sendActionSpies,
} from './sample-actions.ts';
import { SendPage } from './send-page.tsx';

const NOTHING_KEPT: KeptState = { downloads: [], shares: [] };

let drawn: DrawnPage | null = null;

/** For tests: ends what was drawn last. */
export async function eraseDrawn(): Promise<void> {
  await drawn?.erase();
  drawn = null;
}

/** For tests: the sending page in a state, its actions heard. */
export async function drawSendPage(
  initial: SendState,
  { kept = NOTHING_KEPT, canAsk = false }: { kept?: KeptState; canAsk?: boolean } = {},
) {
  const state: Signal<SendState> = signal(initial);
  const [actions, keptActions, notice] = [
    sendActionSpies(),
    keptActionSpies(),
    sampleNotice(canAsk),
  ];
  const keptState = signal(kept);
  const details: Signal<ReceiverDetails> = signal(new Map());
  const delivery = signal(FIRST_DELIVERY);
  const props = { state, details, delivery, actions, keptActions, notice, kept: keptState };
  const page = await DrawnPage.draw(<SendPage {...props} />);
  drawn = page;
  return { page, state, details, delivery, actions, kept: keptState, keptActions, notice };
}

/** For tests: the receiving page in a state, its actions heard. */
export async function drawReceivePage(initial: ReceiveState, canAsk = false) {
  const state: Signal<ReceiveState> = signal(initial);
  const [actions, notice] = [receiveActionSpies(), sampleNotice(canAsk)];
  const details: Signal<TransferDetails | null> = signal(null);
  const delivery = signal(NO_DELIVERY);
  const page = await DrawnPage.draw(
    <ReceivePage
      state={state}
      details={details}
      delivery={delivery}
      actions={actions}
      notice={notice}
    />,
  );
  drawn = page;
  return { page, state, details, delivery, actions, notice };
}

/** For tests: raises an event as a browser would, with `data` as what is dragged or pasted. */
export async function raise(
  type: string,
  property: 'dataTransfer' | 'clipboardData',
  data: unknown,
): Promise<Event> {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, property, { value: data });
  await act(() => void document.body.dispatchEvent(event));
  return event;
}
