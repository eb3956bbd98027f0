// Draws an exported trace as a tree of lines, for documentation: start, duration and service of each span.
import type { ExportedSpan } from './collector.ts'

/** @returns the first trace in which Agent0 got a new token and Todo0 wrote a row */
export function findCrossing(spans: readonly ExportedSpan[]): readonly ExportedSpan[] {
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId)
  const isCrossing = (trace: readonly ExportedSpan[]) =>
    ['exchange', 'redemption', 'save todos'].every((wanted) => trace.some(({ name }) => name === wanted))
  const [first] = [...byTrace.values()]
    .filter(isCrossing)
    .map((trace) => trace.toSorted((one, other) => one.startMs - other.startMs))
    .toSorted(([one], [other]) => (one?.startMs ?? 0) - (other?.startMs ?? 0))
  if (first === undefined) throw new Error('no trace leads from Agent0 to a row of Todo0')
  return first
}

const INDENT = 2
const GAP = '  '
const TIME_WIDTH = 8
const SERVICE_WIDTH = 12

export function drawTrace(trace: readonly ExportedSpan[]): string {
  const [first] = trace
  const byParent = Map.groupBy(trace, ({ parentSpanId }) => parentSpanId)
  const draw = (span: ExportedSpan, depth: number): readonly string[] => [
    [
      toMs(span.startMs - (first?.startMs ?? 0)),
      toMs(span.endMs - span.startMs),
      span.service.padEnd(SERVICE_WIDTH),
      ' '.repeat(depth * INDENT) + span.name,
    ].join(GAP),
    ...(byParent.get(span.spanId) ?? []).flatMap((child) => draw(child, depth + 1)),
  ]
  const head = [
    'start ms'.padStart(TIME_WIDTH),
    'took ms'.padStart(TIME_WIDTH),
    'service'.padEnd(SERVICE_WIDTH),
    'span',
  ]
  return [head.join(GAP), ...(first === undefined ? [] : draw(first, 0))].join('\n')
}

/** @returns the stable parts of a drawing: each line once, without times */
export function listLines(drawing: string): readonly string[] {
  const afterTimes = 2 * (TIME_WIDTH + GAP.length)
  const lines = drawing
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(afterTimes))
  return [...new Set(lines)].toSorted()
}

function toMs(ms: number): string {
  return ms.toFixed(1).padStart(TIME_WIDTH)
}
