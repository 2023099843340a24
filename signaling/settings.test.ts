import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from './settings.ts';

describe('readSettings', () => {
  test('has a default for everything', () => {
    expect(readSettings({})).toEqual({
      PORT: 3000,
      ICE_SERVERS: [],
      LANES: 32,
      DATA_DIR: './data',
      SHARE_LIFETIME_HOURS: 24,
      MAX_SHARES: 10_000,
      MAX_SHARES_PER_ADDRESS: 100,
      MAX_EVENTS_PER_MINUTE: 6_000,
      MAX_CONNECTIONS_PER_ADDRESS: 200,
      UPLOADS: 'on',
      MAX_UPLOAD_BYTES: 10_737_418_240,
      MAX_STORED_BYTES: 53_687_091_200,
      MIN_FREE_BYTES: 1_073_741_824,
      MAX_UPLOADS_PER_HOUR: 60,
      MAX_TRANSFERS: 500,
      MAX_TRANSFERS_PER_ADDRESS: 64,
      UPLOAD_LIFETIME_HOURS: 24,
      MAX_UPLOAD_LIFETIME_HOURS: 168,
      TRUST_PROXY: 0,
    });
  });

  test('takes an empty variable as not set, and leaves others alone', () => {
    expect(readSettings({ PORT: '', HOST: ' ', HOME: '/', EMPTY: undefined })).toEqual(
      readSettings({}),
    );
  });

  test('reads values', () => {
    const ICE_SERVERS =
      '[{"urls":"stun:a.example"},{"urls":["turn:b.example"],"username":"u","credential":"c"}]';
    const env = { PORT: '0', HOST: '::1', ICE_SERVERS, LANES: '1', TRUST_PROXY: '2' };
    const settings = readSettings(env);
    expect(settings).toMatchObject({ PORT: 0, HOST: '::1', LANES: 1, TRUST_PROXY: 2 });
    expect(settings.ICE_SERVERS).toEqual([
      { urls: 'stun:a.example' },
      { urls: ['turn:b.example'], username: 'u', credential: 'c' },
    ]);
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '0x50'],
    ['PORT', '3000.5'],
    ['SHARE_LIFETIME_HOURS', '0'],
    ['SHARE_LIFETIME_HOURS', '1e3'],
    ['SHARE_LIFETIME_HOURS', '8761'],
    ['MAX_SHARES', '0'],
    ['MAX_SHARES_PER_ADDRESS', 'many'],
    ['MAX_EVENTS_PER_MINUTE', '1e9'],
    ['MAX_CONNECTIONS_PER_ADDRESS', '99999999999999999999'],
    ['UPLOADS', 'yes'],
    ['MAX_UPLOAD_BYTES', '10G'],
    ['MAX_STORED_BYTES', '-1'],
    ['MIN_FREE_BYTES', '9999999999999999'],
    ['MAX_UPLOADS_PER_HOUR', '0'],
    ['MAX_TRANSFERS', '0'],
    ['MAX_TRANSFERS_PER_ADDRESS', '0'],
    ['UPLOAD_LIFETIME_HOURS', '0'],
    ['MAX_UPLOAD_LIFETIME_HOURS', '169'],
    ['TRUST_PROXY', 'true'],
    ['LANES', '0'],
    ['LANES', '33'],
    ['LANES', 'one'],
    ['ICE_SERVERS', '{'],
    ['ICE_SERVERS', '{}'],
    ['ICE_SERVERS', '[{"urls":"http://a.example"}]'],
    ['ICE_SERVERS', '[{"urls":"turn:a.example"}]'],
    ['ICE_SERVERS', '[{"urls":"stun:a.example","extra":1}]'],
  ])('refuses %s=%s by name, without its value', (variable, value) => {
    const error = problemOf({ [variable]: value });
    expect(error.variable).toBe(variable);
    expect(error.message.startsWith(`${variable} must be`)).toBe(true);
    expect(error.message).not.toContain('\n');
  });

  test('wants both of certificate and key', () => {
    expect(problemOf({ TLS_CERT: 'cert.pem' }).variable).toBe('TLS_KEY');
    expect(problemOf({ TLS_KEY: 'key.pem' }).variable).toBe('TLS_CERT');
    expect(readSettings({ TLS_CERT: 'a', TLS_KEY: 'b' })).toMatchObject({ TLS_CERT: 'a' });
  });

  test('gives settings or a SettingsError, whatever the environment', () => {
    const names = ['PORT', 'HOST', 'ICE_SERVERS', 'LANES', 'TLS_KEY', 'MAX_SHARES', 'TRUST_PROXY'];
    const values = fc.oneof(fc.string(), fc.integer().map(String), fc.json());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), values), (env) => {
        const outcome = attempt(env);
        expect(outcome instanceof SettingsError || typeof outcome === 'object').toBe(true);
        expect(outcome instanceof Error && !(outcome instanceof SettingsError)).toBe(false);
      }),
      { seed: 20_260_103, numRuns: 300 },
    );
  });
});

function attempt(env: Readonly<Record<string, string>>): unknown {
  try {
    return readSettings(env);
  } catch (thrown) {
    return thrown;
  }
}

function problemOf(env: Readonly<Record<string, string>>): SettingsError {
  const outcome = attempt(env);
  if (outcome instanceof SettingsError) return outcome;
  throw new Error('no setting was refused');
}
