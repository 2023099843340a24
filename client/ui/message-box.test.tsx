// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { expect, test, vi } from 'vitest';
import type { HostActions, Together } from '../compare/compare-state.ts';
import { type } from './draw-compare-pages.tsx';
import { DrawnPage } from './drawn-page.ts';
import { MessageBox } from './message-box.tsx';
import { SAMPLE_TALK, SAMPLE_TOGETHER } from './sample-comparison.ts';

async function draw(together: Together) {
  const actions = { say: vi.fn<HostActions['say']>() };
  const page = await DrawnPage.draw(
    <MessageBox together={together} actions={actions} draft={signal('')} />,
  );
  return { page, say: actions.say };
}

test('says the text the chosen way, and empties the box', async () => {
  const { page, say } = await draw(SAMPLE_TOGETHER);
  const box = page.one('textbox', 'Message');
  await type(box, '  Hello ');
  await page.press('Send');
  expect(say).toHaveBeenLastCalledWith('Hello', 'peer');
  expect(box).toHaveProperty('value', '');
  await page.click(page.one('radio', 'Through the server'));
  await type(box, 'Again');
  await page.press('Send');
  expect(say).toHaveBeenLastCalledWith('Again', 'through-server');
});

test('says nothing where there is nothing to say', async () => {
  const { page, say } = await draw(SAMPLE_TOGETHER);
  await type(page.one('textbox', 'Message'), '   ');
  await page.press('Send');
  expect(say).not.toHaveBeenCalled();
});

test('without a lane, messages go through the server, and the page says why', async () => {
  const { page, say } = await draw({ ...SAMPLE_TOGETHER, peerUp: false });
  expect(page.one('radio', 'Peer to peer')).toHaveProperty('disabled', true);
  expect(page.one('radio', 'Through the server')).toHaveProperty('checked', true);
  expect(page.text).toContain('There is no direct connection between the two pages now.');
  await type(page.one('textbox', 'Message'), 'Hello');
  await page.press('Send');
  expect(say).toHaveBeenCalledExactlyOnceWith('Hello', 'through-server');
});

test('logs what both sides wrote, how it went, and whether it was delivered', async () => {
  const { page } = await draw(SAMPLE_TALK);
  const [first, second, third] = page.one('log', 'Messages').children;
  expect(first?.textContent).toBe('Other sideHello! Is this the right page?through the server');
  expect(second?.textContent).toBe('YouIt is. Press Take part.peer to peer, ✓ delivered');
  expect(third?.textContent).toMatch(/not delivered yet$/);
});
