import { MAX_RECEIVERS } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';

/** What the user reads about an error: what happened, and what to do next. Commands stand in backticks. */
export interface ErrorWords {
  readonly title: string;
  readonly advice: string;
}

const RELOAD_BOTH =
  'What was wrong was not kept. Try again; if it happens again, reload the page on both sides and share anew.';

/** Words for every error that a user can meet. */
export const ERROR_WORDS: Readonly<Record<ErrorReason, ErrorWords>> = {
  'insecure-context': {
    title: 'This page was opened without HTTPS',
    advice:
      'Browsers give a page file storage and encryption only over HTTPS or on localhost. Start the server with `npm start -- --https` and open the https address that it prints.',
  },
  'webrtc-missing': {
    title: 'This browser cannot connect to other browsers',
    advice:
      'WebRTC is missing here, or a setting or an extension has switched it off. Switch it on, or use a current Chrome, Edge, Firefox or Safari.',
  },
  'script-missing': {
    title: 'A part of this page could not be loaded',
    advice: 'Try again; if that does not help, reload the page.',
  },
  unexpected: {
    title: 'Onehop hit a fault of its own',
    advice: 'Reload the page and try again. If it happens again, report what you did just before.',
  },
  'link-malformed': {
    title: 'This link is not complete',
    advice:
      'Part of it was lost on its way to you. Ask the sender to copy it again, and open all of it, with everything after the # sign.',
  },
  'too-many-files': {
    title: 'These are more files than one share can hold',
    advice: 'Choose fewer files, or pack them into one archive and send that.',
  },
  'manifest-invalid': {
    title: 'The list of files cannot be read',
    advice: 'Ask the sender to reload their page and to share the files again with a new link.',
  },
  'bad-request': {
    title: 'The server did not understand this page',
    advice: 'The page may be older than the server. Reload it and try again.',
  },
  'protocol-mismatch': {
    title: 'The two sides run different versions of Onehop',
    advice: 'Reload the page on both sides, then share the files again.',
  },
  'share-not-found': {
    title: 'There is no share behind this link',
    advice:
      'It has ended, or the link was changed on its way. Check that the link is whole, or ask the sender for a new one.',
  },
  'share-taken': {
    title: 'This link is already in use',
    advice: 'Share the files again: you will get another link.',
  },
  'share-full': {
    title: 'This share has as many receivers as it can serve',
    advice: `It serves ${MAX_RECEIVERS} at once. Wait until one of them has finished, then try again.`,
  },
  'rejoin-refused': {
    title: 'The server gave up your place in the share',
    advice:
      'This page was cut off from the server for too long. To receive, try again; to send, share the files again and pass on the new link.',
  },
  'already-in-room': {
    title: 'This page already takes part in a share',
    advice: 'Reload the page to start afresh.',
  },
  'not-in-room': {
    title: 'The server no longer counts this page as part of the share',
    advice: 'To receive, try again; to send, share the files again and pass on the new link.',
  },
  'peer-not-found': {
    title: 'The other side is not connected to the server',
    advice: 'Check that Onehop is still open there and online, then try again.',
  },
  'too-many-shares': {
    title: 'Too many shares are open from your network',
    advice: 'Stop one that is no longer needed, or wait until one has ended.',
  },
  'too-many-requests': {
    title: 'This page asked the server too often',
    advice: 'Wait a minute, then try again.',
  },
  'server-full': {
    title: 'The server has no room for another share',
    advice: 'Try again in a few minutes.',
  },
  'server-error': {
    title: 'The server failed at its part',
    advice: 'Try again in a minute. If it fails again, tell whoever runs this server.',
  },
  'signaling-unreachable': {
    title: 'The server cannot be reached',
    advice: 'Check your network connection, then try again.',
  },
  'sender-stopped': {
    title: 'The sender stopped sharing',
    advice: 'Ask them to share the files again and to send you the new link.',
  },
  'sender-left': {
    title: 'The sender has left',
    advice:
      'Their page was closed or lost its connection. Once it is back, everything goes on by itself; ask them to open it again.',
  },
  'share-expired': {
    title: 'This share has expired',
    advice: 'Share the files again, or ask the sender to, and use the new link.',
  },
  'connect-timeout': {
    title: 'The two browsers found no way to each other',
    advice:
      'A firewall or a network often blocks direct connections. Try again, or bring both devices into the same network.',
  },
  'connection-lost': {
    title: 'The connection to the other browser broke',
    advice: 'Check that both devices are online, then try again.',
  },
  'peer-silent': {
    title: 'The other browser no longer answers',
    advice:
      'Its device may be asleep or offline. Have the page there brought to the front, then try again.',
  },
  'channel-too-small': {
    title: 'The two browsers found no channel for files',
    advice: 'Update them, or use another browser.',
  },
  'receiver-left': {
    title: 'The receiver has left',
    advice: 'They can open the link again for as long as you share.',
  },
  'receiver-cancelled': {
    title: 'The receiver cancelled',
    advice: 'They can open the link again for as long as you share.',
  },
  'sender-cancelled': {
    title: 'The sender ended this transfer',
    advice: 'What has arrived is kept. Ask them whether you may go on, then try again.',
  },
  'lane-replaced': {
    title: 'A newer connection took the place of this one',
    advice: 'Nothing is lost: the transfer goes on over the newer one.',
  },
  'message-malformed': {
    title: 'The other side sent a message that cannot be read',
    advice: RELOAD_BOTH,
  },
  'message-unexpected': {
    title: 'The other side sent a message out of turn',
    advice: RELOAD_BOTH,
  },
  'frame-malformed': {
    title: 'The other side sent data that cannot be read',
    advice: RELOAD_BOTH,
  },
  'frame-out-of-range': {
    title: 'The other side sent data that lies outside the files',
    advice: RELOAD_BOTH,
  },
  'frame-unasked': {
    title: 'The other side sent data that nobody asked for',
    advice: RELOAD_BOTH,
  },
  'request-out-of-range': {
    title: 'The other side asked for data that lies outside the files',
    advice: RELOAD_BOTH,
  },
  'request-overflow': {
    title: 'The other side asked for more at once than is allowed',
    advice: RELOAD_BOTH,
  },
  'upload-damaged': {
    title: 'What the server holds of this share is damaged',
    advice:
      'Nothing of the damaged part was kept. Try again; if it happens again, ask the sender to send the files anew.',
  },
  'upload-unreachable': {
    title: 'The server could not be reached for ten minutes',
    advice: 'What was transferred is kept. Check your network connection, then try again.',
  },
  'upload-not-found': {
    title: 'The server no longer holds these files',
    advice:
      'They have expired, or the sender deleted them. Ask the sender to share the files again and to send you the new link.',
  },
  'upload-too-large': {
    title: 'This is more than the server takes of one share',
    advice: 'Send the files directly, or choose fewer of them.',
  },
  'uploads-off': {
    title: 'This server takes no files',
    advice: 'Send the files directly: keep this page open until the receiver has them.',
  },
  'download-limit-reached': {
    title: 'Somebody else is downloading these files',
    advice:
      'The sender allowed only so many downloads, and none is left for now. One that is broken off becomes free after ten minutes: try again then, or ask the sender.',
  },
  'range-invalid': {
    title: 'The server was asked for data that it cannot have',
    advice: RELOAD_BOTH,
  },
  'too-many-uploads': {
    title: 'Too many shares were left with the server from your network',
    advice: 'Try again in an hour, or send the files directly.',
  },
  'server-storage-full': {
    title: 'The server has no room for these files',
    advice: 'Send the files directly, or try again later.',
  },
  'not-same-origin': {
    title: 'The server takes files only from its own pages',
    advice: 'Open Onehop at the address that its server has, and try again.',
  },
  'upload-locked': {
    title: 'The server is still busy with what was sent before',
    advice: 'Wait a minute, then try again.',
  },
  'wrong-offset': {
    title: 'The server has another part of the files than this page sent',
    advice: 'Try again: what the server has is found out anew.',
  },
  'wrong-version': {
    title: 'The server takes files in another way than this page sends them',
    advice: 'The page may be older than the server. Reload it and try again.',
  },
  'wrong-type': {
    title: 'The server did not take the files in this form',
    advice: 'The page may be older than the server. Reload it and try again.',
  },
  'source-stalled': {
    title: 'No more data comes from the sender',
    advice:
      'Their page is connected but sends nothing; its device may be asleep. Have it brought to the front, then try again.',
  },
  'source-changed': {
    title: 'A file changed while it was being sent',
    advice: 'Share the files again as they are now, or ask the sender to, and use the new link.',
  },
  'source-unreadable': {
    title: 'A file can no longer be read on the sending side',
    advice:
      'It was changed, moved or deleted, or its drive is gone. Once it is back, share the files again and use the new link.',
  },
  'hash-mismatch': {
    title: 'Part of a file arrived damaged',
    advice: 'The damaged part was thrown away; what was right is kept. Try again.',
  },
  'root-mismatch': {
    title: 'What arrived is not what was offered',
    advice: 'Do not rely on these files. Ask the sender to share them again with a new link.',
  },
  'storage-full': {
    title: 'There is not enough room on this device',
    advice:
      'What has arrived is kept. Free some space, or delete downloads that Onehop keeps, then go on.',
  },
  'storage-failed': {
    title: 'The browser could not store the files',
    advice:
      'Let this site store data on your device (private windows often forbid it), then try again.',
  },
  'folder-refused': {
    title: 'The folder cannot be written to',
    advice:
      'Allow this site to write to it when the browser asks, or choose another folder, then try again.',
  },
};
