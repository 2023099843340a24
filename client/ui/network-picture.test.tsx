// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import { NetworkPictures } from './network-picture.tsx';
import { SAMPLE_COMPARISON, sampleRun } from './sample-comparison.ts';

test('says the bytes on each line, by method', async () => {
  const runs = [...SAMPLE_COMPARISON.runs, sampleRun(0, 'relayed', { transferMs: 3_000 })];
  const page = await DrawnPage.draw(
    <NetworkPictures comparison={{ ...SAMPLE_COMPARISON, runs }} />,
  );
  expect(page.all('img').map((picture) => picture.getAttribute('aria-label'))).toEqual([
    'Direct: 50 MB from sender to receiver',
    'Relayed: 50 MB from sender to relay, 50 MB from relay to receiver',
    'Stored: 50 MB from sender to server, 50 MB from server to receiver',
    'Streamed: 50 MB from sender to server, 50 MB from server to receiver',
  ]);
});
