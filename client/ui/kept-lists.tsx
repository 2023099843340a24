import type { ComponentChildren } from 'preact';
import type { KeptActions, KeptDownload, KeptShare, KeptState } from '../session/kept-state.ts';
import type { SendActions } from '../session/send-state.ts';
import { CappedList } from './capped-list.tsx';
import { FileName } from './file-name.tsx';
import { formatAgo, formatBytes, formatCount } from './format.ts';
import './kept-lists.css';

interface KeptListsProps {
  readonly kept: KeptState;
  readonly keptActions: KeptActions;
  readonly actions: SendActions;
}

/** What this browser keeps of earlier visits; nothing where it keeps nothing. */
export function KeptLists({ kept, keptActions, actions }: KeptListsProps) {
  const { downloads, shares } = kept;
  if (downloads.length === 0 && shares.length === 0) return null;
  return (
    <div class="kept-lists">
      {downloads.length > 0 && (
        <section class="files">
          <h2 id="downloads-title">Downloads to finish</h2>
          <CappedList
            labelledBy="downloads-title"
            items={downloads}
            row={(download) => (
              <DownloadItem
                key={download.id}
                download={download}
                onDelete={() => keptActions.deleteDownload(download.id)}
              />
            )}
          />
        </section>
      )}
      {shares.length > 0 && (
        <section class="files">
          <h2 id="shares-title">Interrupted shares</h2>
          <CappedList
            labelledBy="shares-title"
            items={shares}
            row={(share) => (
              <ShareItem
                key={share.id}
                share={share}
                onContinue={() => actions.continueShare(share.id)}
                onDelete={() => keptActions.deleteShare(share.id)}
              />
            )}
          />
        </section>
      )}
    </div>
  );
}

interface DownloadItemProps {
  readonly download: KeptDownload;
  readonly onDelete: () => void;
}

function DownloadItem({ download, onDelete }: DownloadItemProps) {
  const { name, complete, inUse, address, bytes, totalBytes } = download;
  const arrived = `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
  return (
    <KeptItem of={download} facts={complete ? `${formatBytes(bytes)}, complete` : arrived}>
      {inUse ? (
        <span class="kept-use">Open in another tab</span>
      ) : (
        <>
          <ItemButton
            words={complete ? 'Open' : 'Resume'}
            name={name}
            onPress={() => location.assign(address)}
          />
          <ItemButton words="Delete" name={name} onPress={onDelete} />
        </>
      )}
    </KeptItem>
  );
}

interface ShareItemProps {
  readonly share: KeptShare;
  readonly onContinue: () => void;
  readonly onDelete: () => void;
}

function ShareItem({ share, onContinue, onDelete }: ShareItemProps) {
  return (
    <KeptItem
      of={share}
      facts={`${formatBytes(share.totalBytes)}${share.uploaded ? ', left with the server' : ''}`}
    >
      <ItemButton words="Continue" name={share.name} onPress={onContinue} />
      <ItemButton words="Delete" name={share.name} onPress={onDelete} />
    </KeptItem>
  );
}

interface KeptItemProps {
  readonly of: { readonly name: string; readonly fileCount: number; readonly touchedAt: number };
  readonly facts: string;
  readonly children: ComponentChildren;
}

function KeptItem({ of, facts, children }: KeptItemProps) {
  const others = of.fileCount - 1;
  return (
    <li class="kept">
      <div class="kept-words">
        <FileName name={of.name} />
        {others > 0 && ` and ${formatCount(others)} more`}
        <p class="kept-facts">
          {facts}, {formatAgo(of.touchedAt, Date.now())}
        </p>
      </div>
      <p class="kept-buttons">{children}</p>
    </li>
  );
}

interface ItemButtonProps {
  readonly words: string;
  readonly name: string;
  readonly onPress: () => void;
}

function ItemButton({ words, name, onPress }: ItemButtonProps) {
  return (
    <button type="button" class="button small" aria-label={`${words} ${name}`} onClick={onPress}>
      {words}
    </button>
  );
}
