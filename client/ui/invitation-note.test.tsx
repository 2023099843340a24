// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { NO_DELIVERY } from '../session/delivery-state.ts';
import { SECRET_BYTES } from '../share/link.ts';
import { drawReceivePage, drawSendPage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { SAMPLE_OFFERED, sampleReceiver, sampleSharing } from './sample-states.ts';

afterEach(eraseDrawn);

test('a receiver who is asked to compare finds the way there', async () => {
  const { page, delivery } = await drawReceivePage(SAMPLE_OFFERED);
  expect(page.text).not.toContain('comparison');
  await become(delivery, { ...NO_DELIVERY, invitation: new Uint8Array(SECRET_BYTES) });
  const link = document.querySelector('.invitation a');
  expect(link?.textContent).toBe('Take part in a comparison');
  expect(link?.getAttribute('href')).toMatch(/\/compare#A{22}$/);
});

test('a sender can compare once somebody has opened the link', async () => {
  const alone = await drawSendPage(sampleSharing());
  expect(alone.page.text).not.toContain('Compare');
  await eraseDrawn();
  const there = sampleReceiver(1, { type: 'connecting' });
  const { page, actions } = await drawSendPage(sampleSharing([there]));
  await page.press('Compare');
  expect(actions.compare).toHaveBeenCalledOnce();
});
