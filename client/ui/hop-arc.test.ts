import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOP_HEIGHT, HOP_LEFT, HOP_RIGHT, HOP_WIDTH, hopPoint } from './hop-arc.ts';

test('the arc runs from the left dot to the right one', () => {
  expect(hopPoint(0).x).toBeCloseTo(HOP_LEFT.x);
  expect(hopPoint(0).y).toBeCloseTo(HOP_LEFT.y);
  expect(hopPoint(1).x).toBeCloseTo(HOP_RIGHT.x);
  expect(hopPoint(1).y).toBeCloseTo(HOP_RIGHT.y);
});

test('the arc stays inside the drawing and above the dots', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (fraction) => {
      const { x, y } = hopPoint(fraction);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(HOP_WIDTH);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThanOrEqual(HOP_LEFT.y + 1e-9);
      expect(y).toBeLessThan(HOP_HEIGHT);
    }),
  );
});
