import { expect, test } from 'vitest';
import { SIGNALING_ERROR_CODES } from '../../signaling/protocol/signaling-error-code.ts';
import { UPLOAD_ERROR_CODES } from '../../signaling/protocol/upload-error-code.ts';
import { ERROR_WORDS } from './error-words.ts';

const entries = Object.entries(ERROR_WORDS);

// That no reason is missing is checked by the type of ERROR_WORDS.
test('every error of the server has words', () => {
  for (const code of [...SIGNALING_ERROR_CODES, ...UPLOAD_ERROR_CODES])
    expect(ERROR_WORDS[code]).toBeDefined();
});

test.each(entries)(
  '%s has a title without a full stop and advice in whole sentences',
  (_reason, words) => {
    expect(words.title).toMatch(/^[A-Z].{10,70}[^.!\s]$/);
    expect(words.advice).toMatch(/^[A-Z].{10,}\.$/);
  },
);

test.each(entries)('%s is specific', (_reason, { title, advice }) => {
  expect(`${title} ${advice}`).not.toMatch(/something went wrong|oops|unknown error|an error/i);
});

test('no two errors share a title', () => {
  const titles = entries.map(([, words]) => words.title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('commands stand in pairs of backticks', () => {
  for (const [, { advice }] of entries) expect(advice.split('`').length % 2).toBe(1);
});

test('an insecure page says how to serve it over HTTPS', () => {
  expect(ERROR_WORDS['insecure-context'].advice).toContain('`npm start -- --https`');
});
