// Writes a run as a trace that may be handed to anyone: redacted while it is written, so that no file ever has more. Pure.
import type { RunStory } from './run-story.ts'
import { createTraceRedactor, listSpellings, type TraceRedaction } from './redact-trace.ts'
import { toTrace } from './trace-document.ts'

export interface WriteOptions extends TraceRedaction {
  readonly nowMs: number
}

/** @returns the text of the file */
export function writeTrace(story: RunStory, { nowMs, ...redaction }: WriteOptions): string {
  const document = createTraceRedactor(redaction)(toTrace(story, nowMs))
  const text = `${JSON.stringify(document, null, 2)}\n`
  // Nothing is known to get here; a file with a secret would be worse than none.
  if (listSpellings(redaction.secrets).some(({ spelling }) => text.includes(spelling)))
    throw new Error('the trace was not written: a secret would have stood in it')
  return text
}
