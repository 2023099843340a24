import { answerCalls } from '../worker/answer-calls.worker.ts';
import { deflate } from './deflate.ts';
import type { DeflateCalls, DeflateCost, TriedPiece } from './deflate-calls.ts';
import { PAYING_RATIO } from './deflate-choice.ts';
import { samplesOf } from './deflate-samples.ts';

/** One after another: what two take together would say of neither how fast it was, and the first would come no sooner. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

async function tryPiece(plain: Uint8Array<ArrayBuffer>): Promise<TriedPiece> {
  const start = performance.now();
  const deflated = await deflate(plain);
  const ms = performance.now() - start;
  const cost = { plainBytes: plain.length, deflatedBytes: deflated.length, ms };
  return deflated.length <= PAYING_RATIO * plain.length
    ? { form: 'deflated', bytes: deflated, cost }
    : { form: 'plain', bytes: plain, cost };
}

async function sample(file: File): Promise<DeflateCost | null> {
  const cost = { plainBytes: 0, deflatedBytes: 0, ms: 0 };
  for (const [start, end] of samplesOf(file.size)) {
    const part = await file
      .slice(start, end)
      .arrayBuffer()
      .catch(() => null);
    if (part === null || part.byteLength === 0) return null;
    const tried = await tryPiece(new Uint8Array(part));
    cost.plainBytes += tried.cost.plainBytes;
    cost.deflatedBytes += tried.cost.deflatedBytes;
    cost.ms += tried.cost.ms;
  }
  return cost;
}

answerCalls<DeflateCalls>({
  sample: ({ file }) => inTurn(() => sample(file)),
  deflate: ({ pieces }, transfer) =>
    inTurn(async () => {
      const tried: TriedPiece[] = [];
      for (const piece of pieces) tried.push(await tryPiece(piece));
      transfer.push(...tried.map(({ bytes }) => bytes.buffer));
      return tried;
    }),
});
