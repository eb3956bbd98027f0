// Writes a run as a trace that may be shared with anyone: it is redacted while writing, so that no file ever contains
// more. Pure.
import type { RecordedRun } from './recorded-run.ts'
import { createTraceRedactor, listSpellings, type TraceRedaction } from './redact-trace.ts'
import { toTrace } from './trace-document.ts'

export interface WriteOptions extends TraceRedaction {
  readonly nowMs: number
}

/** @returns the text of the file */
export function writeTrace(story: RecordedRun, { nowMs, ...redaction }: WriteOptions): string {
  const document = createTraceRedactor(redaction)(toTrace(story, nowMs))
  const text = `${JSON.stringify(document, null, 2)}\n`
  // No known input gets here, but a file with a secret would be worse than none.
  if (listSpellings(redaction.secrets).some(({ spelling }) => text.includes(spelling)))
    throw new Error('the trace was not written: it would have contained a secret')
  return text
}
