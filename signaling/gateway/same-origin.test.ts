import { describe, expect, test } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

describe('isSameOrigin', () => {
  test.each([
    ['http://localhost:3000', 'localhost:3000'],
    ['https://onehop.example', 'onehop.example'],
    ['https://onehop.example', 'onehop.example:443'],
    ['https://[2001:db8::1]:3000', '[2001:db8::1]:3000'],
    ['http://LOCALHOST:3000', 'localhost:3000'],
  ])('takes %s at %s', (origin, host) => {
    expect(isSameOrigin({ headers: { origin, host } }, false)).toBe(true);
  });

  test.each([
    ['http://localhost:5173', 'localhost:3000'],
    ['https://elsewhere.example', 'onehop.example'],
    ['https://onehop.example.evil.example', 'onehop.example'],
    ['null', 'onehop.example'],
    ['', 'onehop.example'],
    ['https://onehop.example', 'bad host'],
    ['file://', ''],
  ])('refuses %j at %j', (origin, host) => {
    expect(isSameOrigin({ headers: { origin, host } }, false)).toBe(false);
  });

  test('takes a request without an Origin header', () => {
    expect(isSameOrigin({ headers: { host: 'onehop.example' } }, false)).toBe(true);
  });

  test('believes X-Forwarded-Host behind a proxy, and nowhere else', () => {
    const headers = {
      origin: 'https://onehop.example',
      host: '127.0.0.1:3000',
      'x-forwarded-host': 'onehop.example',
    };
    expect(isSameOrigin({ headers }, true)).toBe(true);
    expect(isSameOrigin({ headers }, false)).toBe(false);
  });
});
