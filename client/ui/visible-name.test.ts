import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleName } from './visible-name.ts';

test.each(['a  b "c" \'d\'.txt', '👩‍👩‍👧 семья.png', 'צילום מסך (3).png', 'تقرير.pdf'])(
  'shows %s as it is',
  (name) => {
    expect(visibleName(name)).toBe(name);
  },
);

test('a name cannot hide its ending behind a change of direction', () => {
  expect(visibleName('safe\u202egpj.exe')).toBe('safe\ufffdgpj.exe');
});

test('line breaks and control characters become visible', () => {
  expect(visibleName('a\nb\u0000c')).toBe('a\ufffdb\ufffdc');
});

test('the length never changes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(visibleName(name)).toHaveLength(name.length);
    }),
  );
});
