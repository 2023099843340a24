import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CompareMeasurements, comparePage } from './compare-markdown.ts';
import { comparePicture } from './compare-picture.ts';

/** The digits behind the point that JSON keeps. */
const PRECISION = 1e4;

/** Writes `results.json`, `results.md` and `results.svg` into a folder, which is made if need be. */
export async function writeCompareResults(
  folder: string,
  measurements: CompareMeasurements,
): Promise<void> {
  const { processors, processor, browser, date } = measurements.machine;
  const caption = `${date.slice(0, 10)}. ${processors} processors (${processor}), ${browser}.`;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'results.md'), comparePage(measurements));
  await writeFile(path.join(folder, 'results.svg'), comparePicture(measurements, caption));
  await writeFile(path.join(folder, 'results.json'), compareJson(measurements));
}

/** A comparison or a transfer to a line, so that two results can be compared by eye. */
export function compareJson({ compared, crowds, ...head }: CompareMeasurements): string {
  const lines = (values: readonly unknown[]): string =>
    values.map((value) => `    ${JSON.stringify(value, shorten)}`).join(',\n');
  const first = JSON.stringify(head, shorten, 2).slice(0, -2);
  return `${first},\n  "compared": [\n${lines(compared)}\n  ],\n  "crowds": [\n${lines(crowds)}\n  ]\n}\n`;
}

function shorten(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * PRECISION) / PRECISION : value;
}
