import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ReceiveActions } from '../session/receive-state.ts';
import { rescueFocus } from './page.tsx';
import './cancel-dialog.css';

interface CancelDialogProps {
  readonly actions: ReceiveActions;
  /** how much has arrived, in words: `12 MB of 64 MB` */
  readonly arrived: string;
  /** hears that it was closed, however that was */
  readonly onClose: () => void;
}

/** Asks what becomes of what has arrived; open for as long as it is drawn. Escape goes on with the transfer. */
export function CancelDialog({ actions, arrived, onClose }: CancelDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useOpenWhileDrawn(dialog);

  // Closing first gives the focus back, so that the page sees when its control goes away.
  const end = (keep: boolean) => {
    dialog.current?.close();
    actions.cancel(keep);
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="dialog-title"
      aria-describedby="dialog-words"
      onClose={onClose}
    >
      <h2 id="dialog-title">Keep what has arrived?</h2>
      <p id="dialog-words">
        {arrived} are here and verified. If you keep it, another try fetches only the rest.
      </p>
      <p class="buttons">
        <button type="button" class="button main" onClick={() => end(true)}>
          Keep it
        </button>
        <button type="button" class="button danger" onClick={() => end(false)}>
          Delete it
        </button>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Go on
        </button>
      </p>
    </dialog>
  );
}

function useOpenWhileDrawn(dialog: RefObject<HTMLDialogElement | null>): void {
  // Before the next key press can reach the page below.
  useLayoutEffect(() => {
    const element = dialog.current;
    const main = element?.closest('main');
    element?.showModal();
    return () => {
      element?.close();
      if (main) rescueFocus(main);
    };
  }, []);
}
