/** The drawing's measures, in its own units: two dots on a line and a part of a circle over them. */
export const HOP_WIDTH = 320;
export const HOP_HEIGHT = 124;
export const HOP_LEFT = { x: 34, y: 92 } as const;
export const HOP_RIGHT = { x: 286, y: 92 } as const;
const RISE = 74;

const HALF_CHORD = (HOP_RIGHT.x - HOP_LEFT.x) / 2;
const RADIUS = (HALF_CHORD ** 2 + RISE ** 2) / (2 * RISE);
const CENTRE = { x: HOP_LEFT.x + HALF_CHORD, y: HOP_LEFT.y - RISE + RADIUS };
const HALF_ANGLE = Math.asin(HALF_CHORD / RADIUS);

/** The arc as an SVG path from the left dot to the right one. */
export const HOP_PATH = `M${HOP_LEFT.x} ${HOP_LEFT.y}A${RADIUS} ${RADIUS} 0 0 1 ${HOP_RIGHT.x} ${HOP_RIGHT.y}`;

/** The point after `fraction` (0 to 1) of the arc's length. */
export function hopPoint(fraction: number): { readonly x: number; readonly y: number } {
  const angle = (2 * fraction - 1) * HALF_ANGLE;
  return { x: CENTRE.x + RADIUS * Math.sin(angle), y: CENTRE.y - RADIUS * Math.cos(angle) };
}
