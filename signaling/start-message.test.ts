import { expect, test } from 'vitest';
import { startMessage, type StartMessage } from './start-message.ts';

const start: StartMessage = {
  protocol: 'https',
  host: undefined,
  port: 3000,
  addresses: ['192.0.2.5', '2001:db8::5'],
  selfSigned: true,
};

test('over http it names localhost and says what other machines need', () => {
  expect(startMessage({ ...start, protocol: 'http' })).toEqual([
    'Onehop is at http://localhost:3000',
    'To open it from another machine, browsers need https: npm start -- --https',
  ]);
});

test('over https it names every address, draws a QR code, and explains the warning', () => {
  const lines = startMessage(start);
  expect(lines[0]).toBe('Onehop is at https://localhost:3000');
  expect(lines).toContain('https://192.0.2.5:3000');
  expect(lines).toContain('https://[2001:db8::5]:3000');
  expect(lines.join('\n')).toMatch(/[█▀▄]{5}/);
  expect(lines.at(-1)).toContain('the browser warns once');
});

test("says nothing of a warning with the operator's own certificate", () => {
  expect(startMessage({ ...start, selfSigned: false }).join('\n')).not.toContain('warns');
});

test('with a HOST it names that only', () => {
  const lines = startMessage({ ...start, host: '127.0.0.1', selfSigned: false });
  expect(lines).toEqual(['Onehop is at https://127.0.0.1:3000']);
});

test('without a network it says so', () => {
  expect(startMessage({ ...start, addresses: [] })).toContain(
    'This machine has no address in a network.',
  );
});
