// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import { ERROR_WORDS } from './error-words.ts';
import { FailurePage } from './failure-page.tsx';

test.each(['insecure-context', 'webrtc-missing', 'link-malformed'] as const)(
  '%s has its words in an alert with its code',
  async (reason) => {
    const page = await DrawnPage.draw(<FailurePage reason={reason} />);
    expect(page.one('main').dataset['state']).toBe('failed');
    const alert = page.one('alert');
    expect(alert.dataset['code']).toBe(reason);
    expect(alert.textContent).toContain(ERROR_WORDS[reason].title);
    page.one('heading', ERROR_WORDS[reason].title);
  },
);

test('a command in the advice is drawn as code', async () => {
  const page = await DrawnPage.draw(<FailurePage reason="insecure-context" />);
  expect(page.root.querySelector('code')?.textContent).toBe('npm start -- --https');
  expect(page.text).not.toContain('`');
});
