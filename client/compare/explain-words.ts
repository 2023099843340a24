import type { LegRates, NotMeasured, Reason } from './explain.ts';
import { listNames, percentWords, rateWords, timesWords, timeWords } from './method-words.ts';

const LEG_NAMES: Readonly<Record<keyof LegRates, string>> = {
  direct: 'direct',
  upload: 'the upload to the server',
  download: 'the download from the server',
  streamed: 'streamed',
  relayed: 'relayed',
};

const NOT_MEASURED_NAMES: Readonly<Record<NotMeasured, string>> = {
  direct: 'the rate of direct where nothing else holds it up',
  upload: 'the rate of an upload to the server where nothing else holds it up',
  download: 'the rate of a download from the server where nothing else holds it up',
  'round-trip': 'the round trip',
  'sender-page': 'how busy the sender’s page was',
  'receiver-page': 'how busy the receiver’s page was',
  loss: 'lost packets, which browsers do not tell of',
};

/** A reason as sentences, with the numbers that it was decided on. */
export function reasonWords(reason: Reason): string {
  const names = listNames(reason.methods);
  switch (reason.type) {
    case 'sender-uplink':
      return `${names}: the sender’s uplink. ${together(reason.rates, 'upload')}`;
    case 'receiver-downlink':
      return `${names}: the receiver’s downlink. ${together(reason.rates, 'download')}`;
    case 'server':
      return (
        `${names}: the server, the line to it, or the sealing. ${sentence(reason.rates, reason.legs)}, but direct, ` +
        `over the lines of both of you, ran at ${rateWords(reason.rates.direct ?? 0)}.`
      );
    case 'disk':
      return (
        `${names}: the receiver’s storage. It had something to check or write during ${percentWords(reason.busy)} of ` +
        'the transfer.'
      );
    case 'processor':
      return (
        `${names}: the ${reason.side}’s processor. The ${reason.side}’s page could not answer at once during ` +
        `${percentWords(reason.busy)} of the transfer.`
      );
    case 'loss-or-round-trip':
      return `${names}: the round trip of ${timeWords(reason.roundTripMs)}. ${roundTripEvidence(reason)}`;
    case 'unknown':
      return `${names}: the numbers do not tell. ${causeWords(reason)} Not measured: ${reason.notMeasured
        .map((what) => NOT_MEASURED_NAMES[what])
        .join('; ')}.`;
  }
}

/** Direct and a leg at the same rate, and the other leg. */
function together(rates: LegRates, leg: 'upload' | 'download'): string {
  const other = leg === 'upload' ? 'download' : 'upload';
  const one = rateWords(rates.direct ?? 0);
  const two = rateWords(rates[leg] ?? 0);
  const same = one === two ? `the same ${one}` : `about the same, ${one} and ${two}`;
  return `Direct and ${LEG_NAMES[leg]} ran at ${same}, ${LEG_NAMES[other]} at ${rateWords(rates[other] ?? 0)}.`;
}

/** Those of the rates that were measured: `Direct ran at 2.4 MB/s, the upload to the server at 2.3 MB/s`. */
function sentence(rates: LegRates, legs: readonly (keyof LegRates)[]): string {
  const parts = legs.flatMap((leg) => {
    const rate = rates[leg];
    return rate === null ? [] : [`${LEG_NAMES[leg]} at ${rateWords(rate)}`];
  });
  const text = parts.join(', ').replace(' at ', ' ran at ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function roundTripEvidence(reason: Reason & { readonly type: 'loss-or-round-trip' }): string {
  const trips = timesWords(reason.ms / reason.roundTripMs);
  if (reason.evidence === 'start') {
    return (
      `Of ${timeWords(reason.totalMs)}, ${timeWords(reason.ms)} went into connecting and waiting for the first byte: ` +
      `${trips} round trips.`
    );
  }
  return (
    `The transfer was over after ${trips} round trips (${timeWords(reason.ms)}), while it still became faster: the first half ` +
    `of the bytes took ${timesWords(reason.firstHalf ?? 0)} times as long as the second.`
  );
}

function causeWords({ cause, rates }: Reason & { readonly type: 'unknown' }): string {
  const legs = sentence(rates, ['direct', 'upload', 'download', 'streamed', 'relayed']);
  const seen = legs === '' ? '' : `${legs}.`;
  switch (cause) {
    case 'not-measured':
      return seen === '' ? 'No rate of a line was measured.' : seen;
    case 'alike':
      return `${seen} A line that is the same both ways, and a limit of either machine, look like this.`;
    case 'direct-slower':
      return `${seen} So both lines can carry more than direct took.`;
    case 'local-network':
      return `${seen} Direct stayed in your network, which says nothing of the line to the server.`;
    case 'unclear':
      return `${seen} No two of them are both alike and clearly apart from the third.`;
  }
}
