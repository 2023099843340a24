import type { ErrorReason } from '../errors/error-reason.ts';
import { Inbox } from '../machine/inbox.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import {
  type CarrierEffect,
  type CarrierEvent,
  type CarrierState,
  type Way,
  beginCarrier,
  stepCarrier,
} from './carrier-machine.ts';
import type { Method } from './delivery-state.ts';
import type { FastestLook } from './fastest-machine.ts';
import { FastestWay, type FastestWayTools } from './fastest-way.ts';
import { type LinkJob, type LinkListener, SenderLink } from './sender-link.ts';
import { type ClaimHandle, ServerLink, type ServerSourceHandle } from './server-link.ts';
import type { SessionTools } from './session-tools.ts';
import type { ReceiverNote, SenderNote } from './share-note.ts';
import type { ServerSourceListener } from '../transfer/server-source.ts';
import type { TransferReport } from './transfer-report.ts';
import type { Weighed } from './weigh-ways.ts';

/** What the two ways are made of. */
export interface SourceLinksTools extends SessionTools {
  openServerSource(listener: ServerSourceListener): ServerSourceHandle;
  probeDownload: FastestWayTools['probeDownload'];
  /** of the share's secret: opens what its sender says, and seals what a receiver says */
  openNote(note: string): Promise<SenderNote | null>;
  sealNote(note: ReceiverNote): Promise<string>;
  /** the place among the server's downloads that an earlier page took and did not confirm; null where none did */
  readonly claim: ClaimHandle | null;
}

/** What they tell their owner, besides what one link does. */
export interface SourceLinksListener extends Omit<LinkListener, 'onNote'> {
  /** the sender asks this page into a comparison @param secret of it, base64url */
  onInvitation(secret: string): void;
  /** how pieces come from now on; null: over no way */
  onMethod(method: Method | null): void;
  /** as of `ServerLink` */
  onClaim(token: string): void;
  onClaimSettled(token: string): void;
  /** what the ways are expected to take */
  onWeighed(weighed: Weighed): void;
}

/** Both ways to a share's files, as one link: carries out what `stepCarrier` decides. */
export class SourceLinks {
  readonly #tools: SourceLinksTools;
  readonly #listener: SourceLinksListener;
  readonly #clock: () => number;
  readonly #inbox = new Inbox<CarrierEvent>((event) => this.#step(event));
  readonly #direct: SenderLink;
  readonly #server: ServerLink;
  readonly #fastest: FastestWay;
  #senderPaused = false;
  #state: CarrierState;
  #job: LinkJob | null = null;
  #wantsManifest = false;
  #ended = false;

  /** Looks for both. @param persistent as for `SenderLink` */
  constructor(
    tools: SourceLinksTools,
    keys: ShareKeys,
    persistent: boolean,
    listener: SourceLinksListener,
  ) {
    this.#tools = tools;
    this.#listener = listener;
    this.#clock = tools.clock;
    this.#state = beginCarrier(tools.clock());
    this.#server = new ServerLink(
      {
        openServerSource: (heard) => tools.openServerSource(heard),
        clock: tools.clock,
      },
      {
        onState: (state) => this.#inbox.post({ type: 'way', way: 'server', state }),
        onManifest: (manifest) => this.#onManifest(manifest),
        onUpload: (upload) => this.#tell((to) => to.onUpload(upload)),
        onRootKnown: () => this.#tell((to) => to.onRootKnown()),
        // A receipt may be answered when all else is over.
        onClaim: (token) => listener.onClaim(token),
        onClaimSettled: (token) => listener.onClaimSettled(token),
      },
      tools.claim,
    );
    this.#fastest = new FastestWay(tools, {
      onPrefer: (way) => this.#inbox.post({ type: 'prefer', way }),
      onUploadWanted: () => void this.#askForUpload(),
      onWeighed: (weighed) => this.#tell((to) => to.onWeighed(weighed)),
    });
    this.#direct = new SenderLink(tools, keys, persistent, this.#heardDirectly());
    this.#server.look();
  }

  /** From now on there is something to lose: losses that may pass are waited for. */
  persist(): void {
    this.#direct.persist();
  }

  /** Asks for the list of files, over every way that is up. */
  fetchManifest(): void {
    this.#wantsManifest = true;
    this.#server.fetchManifest();
    if (this.#state.direct.type === 'up') this.#direct.fetchManifest();
  }

  /** From now on what carries serves this job. */
  serve(job: LinkJob): void {
    this.#job = job;
    this.#carry(this.#state.carrier);
  }

  /** Looks at the clock. */
  tick(): void {
    if (this.#ended) return;
    this.#direct.tick();
    this.#server.tick();
    this.#inbox.post({ type: 'tick' });
    this.#fastest.look(this.#look());
  }

  /** How the transfer runs; null before there is one. */
  report(): TransferReport | null {
    return this.#direct.report();
  }

  /** Everything is here: frees the place in the room; the lane stays, so that the sender hears of the end. */
  leaveRoom(): void {
    this.#server.complete();
    this.#direct.leaveRoom();
  }

  /** Closes everything, and tells the sender why. */
  end(reason: ErrorReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fastest.close();
    this.#direct.end(reason);
    this.#server.end(reason);
  }

  #look(): FastestLook {
    const manifest = this.#job?.selection.manifest;
    const { fetch } = this.#job ?? {};
    return {
      carrier: this.#state.carrier,
      directRate: this.#direct.bytesPerSecond,
      upload: this.#server.upload,
      haveBytes: fetch?.bytes ?? 0,
      wantedBytes: fetch?.wantedBytes ?? 0,
      shareBytes: manifest?.totalBytes ?? 0,
      paused: (this.#senderPaused && this.#state.carrier !== 'server') || fetch?.paused === true,
    };
  }

  #heardDirectly(): ConstructorParameters<typeof SenderLink>[3] {
    const way = 'direct';
    return {
      onWaiting: (waitingFor) => {
        if (this.#state.server.type !== 'up') this.#tell((to) => to.onWaiting(waitingFor));
      },
      onUp: () => {
        // Asked for while only the server was there, and not answered yet.
        const wanted = this.#wantsManifest;
        this.#inbox.post({ type: 'way', way, state: { type: 'up' } });
        if (wanted && this.#wantsManifest) this.#direct.fetchManifest();
        if (this.#job !== null) this.#direct.serve(this.#job);
      },
      onManifest: (manifest) => this.#onManifest(manifest),
      onDown: (reason) => this.#inbox.post({ type: 'way', way, state: { type: 'down', reason } }),
      onEnded: (reason) => this.#inbox.post({ type: 'way', way, state: { type: 'ended', reason } }),
      onSenderPaused: (paused) => {
        this.#senderPaused = paused;
        if (this.#state.carrier !== 'server') this.#tell((to) => to.onSenderPaused(paused));
      },
      onRootKnown: () => this.#tell((to) => to.onRootKnown()),
      onUpload: (upload) => this.#server.note(upload),
      onNote: (note) => void this.#onNote(note),
    };
  }

  async #onNote(note: string): Promise<void> {
    const said = await this.#tools.openNote(note);
    if (said?.type === 'server-way') this.#fastest.offer(said.leg);
    else if (said?.type === 'invitation') this.#tell((to) => to.onInvitation(said.secret));
  }

  async #askForUpload(): Promise<void> {
    this.#direct.sendNote(await this.#tools.sealNote({ type: 'upload-wanted' }));
  }

  #onManifest(manifest: Manifest): void {
    this.#wantsManifest = false;
    this.#tell((to) => to.onManifest(manifest));
  }

  #tell(say: (to: SourceLinksListener) => void): void {
    if (!this.#ended) say(this.#listener);
  }

  #step(event: CarrierEvent): void {
    if (this.#ended) return;
    const { state, effects } = stepCarrier(this.#state, event, this.#clock());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: CarrierEffect): void {
    switch (effect.type) {
      case 'carry':
        this.#carry(effect.way);
        // Whether the sender has paused concerns what comes from it alone.
        this.#tell((to) => to.onSenderPaused(effect.way !== 'server' && this.#senderPaused));
        this.#tellMethod(effect.way);
        break;
      case 'look-for-upload':
        this.#server.look();
        break;
      case 'up':
        this.#tell((to) => to.onUp());
        break;
      case 'down':
        this.#tell((to) => to.onDown(effect.reason));
        break;
      case 'ended':
        this.#listener.onEnded(effect.reason);
        this.end(effect.reason);
        break;
    }
  }

  /** Of an upload that is finished in the middle of a transfer, the transfer stays one that was streamed. */
  #tellMethod(way: Way | null): void {
    const method =
      way === 'server' ? (this.#server.upload?.complete === true ? 'stored' : 'streamed') : way;
    this.#tell((to) => to.onMethod(method));
  }

  #carry(way: Way | null): void {
    if (way === 'server') this.#direct.rest();
    else {
      this.#server.rest();
      this.#direct.wake();
    }
    if (this.#job === null) return;
    if (way === 'server') this.#server.serve(this.#job);
    // The direct way is told how far it is also while another one carries.
    if (this.#state.direct.type === 'up') this.#direct.serve(this.#job);
  }
}
