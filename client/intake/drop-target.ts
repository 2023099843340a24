import { type Dropped, collectDropped } from './dropped.ts';

/**
 * Makes `target` (the whole document, usually) take dropped files and folders.
 * A drag of text or links is left to the browser; a drag of files never makes the browser leave the page.
 * `onHover` hears true when files come over the target and false when they leave it or are dropped.
 * Ends when `signal` aborts.
 */
export function watchDrops(
  target: Document | HTMLElement,
  onDrop: (dropped: readonly Dropped[]) => void,
  onHover: (hovering: boolean) => void,
  signal: AbortSignal,
): void {
  let hovering = false;
  const hover = (now: boolean) => {
    if (now === hovering) return;
    hovering = now;
    onHover(now);
  };

  onDrag(target, 'dragenter', signal, () => hover(true));
  onDrag(target, 'dragover', signal, (_event, data) => {
    data.dropEffect = 'copy';
    hover(true);
  });
  onDrag(target, 'dragleave', signal, (event) => {
    if (leavesTarget(event, target)) hover(false);
  });
  onDrag(target, 'drop', signal, (_event, data) => {
    hover(false);
    onDrop(collectDropped(data.items));
  });
}

/**
 * Makes `target` turn dropped files away: nothing is taken, and the browser does not leave the page for them.
 * Ends when `signal` aborts.
 */
export function refuseDrops(target: Document | HTMLElement, signal: AbortSignal): void {
  const refuse = (_event: DragEvent, data: DataTransfer) => {
    data.dropEffect = 'none';
  };
  onDrag(target, 'dragover', signal, refuse);
  onDrag(target, 'drop', signal, refuse);
}

type DragEventName = 'dragenter' | 'dragover' | 'dragleave' | 'drop';

/** Hears `name` on `target` when files are dragged, and takes the event over from the browser. */
function onDrag(
  target: Document | HTMLElement,
  name: DragEventName,
  signal: AbortSignal,
  handle: (event: DragEvent, data: DataTransfer) => void,
): void {
  // Both kinds of target share these typed events; their union would not.
  const events: GlobalEventHandlers = target;
  const listener = (event: DragEvent) => {
    const data = event.dataTransfer;
    if (!data?.types.includes('Files')) return;
    event.preventDefault();
    handle(event, data);
  };
  events.addEventListener(name, listener, { signal });
}

/** Moving between two children of the target also raises dragleave; only leaving it altogether counts. */
function leavesTarget(event: DragEvent, target: Document | HTMLElement): boolean {
  const next = event.relatedTarget;
  return !(next instanceof Node) || !target.contains(next);
}
