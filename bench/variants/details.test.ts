import { describe, expect, it } from 'vitest';
import { parseDetails } from './details.ts';

describe('Details', () => {
  it('are read from the text of the page', () => {
    const page =
      'Received\nDetails\nLanes\n12 connections\nWindow\n1 MB\n\nFirst byte after 1,087 ms\n';
    expect(parseDetails(page)).toEqual({
      firstByteMs: 1087,
      lanes: 12,
      details: 'Details Lanes 12 connections Window 1 MB First byte after 1,087 ms',
    });
  });

  it('may leave out what is not known', () => {
    expect(parseDetails('Details\nLanes\n1 connection')).toMatchObject({
      firstByteMs: null,
      lanes: 1,
    });
  });
});
