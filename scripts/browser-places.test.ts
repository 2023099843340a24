import { describe, expect, it } from 'vitest';
import { browserPlaces } from './browser-places.ts';

describe('browserPlaces', () => {
  it('tries a better name in every folder of PATH before the next name', () => {
    expect(browserPlaces({ platform: 'linux', env: { PATH: '/a:/b' } }).slice(0, 3)).toEqual([
      '/a/google-chrome',
      '/b/google-chrome',
      '/a/google-chrome-stable',
    ]);
  });

  it('names no place at all where PATH is empty', () => {
    expect(browserPlaces({ platform: 'linux', env: { PATH: '' } })).toEqual([]);
  });

  it('knows the applications folders of macOS', () => {
    expect(browserPlaces({ platform: 'darwin', env: { HOME: '/Users/ada' } })).toEqual([
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium',
    ]);
  });

  it('knows the program folders of Windows', () => {
    const env = { PROGRAMFILES: 'C:\\Programs', LOCALAPPDATA: 'C:\\Local' };
    expect(browserPlaces({ platform: 'win32', env })).toEqual([
      'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Local\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Programs\\Chromium\\Application\\chrome.exe',
      'C:\\Local\\Chromium\\Application\\chrome.exe',
    ]);
  });
});
