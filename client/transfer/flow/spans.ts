/** Bytes from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How many bytes these spans hold. */
export function spanBytes(spans: readonly Span[]): number {
  let bytes = 0;
  for (const { start, end } of spans) bytes += end - start;
  return bytes;
}

/** Whether `span` lies wholly within one of the spans. */
export function holdsSpan(spans: readonly Span[], span: Span): boolean {
  return spans.some(({ start, end }) => start <= span.start && span.end <= end);
}

/** The spans without `span`. */
export function withoutSpan(spans: readonly Span[], span: Span): readonly Span[] {
  const [only] = spans;
  if (spans.length === 1 && only?.start === span.start && only.end === span.end) return [];
  return spans.flatMap(({ start, end }) => [
    ...(Math.min(end, span.start) > start ? [{ start, end: Math.min(end, span.start) }] : []),
    ...(Math.max(start, span.end) < end ? [{ start: Math.max(start, span.end), end }] : []),
  ]);
}
