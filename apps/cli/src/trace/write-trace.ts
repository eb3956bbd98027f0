// Writes a run as a trace that may be handed to anybody: redacted while it is written, so that no file ever has more. Pure.
import type { Run } from '../playground/run.ts'
import type { RunStory } from '../playground/shown-run.ts'
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

/** @returns what this process knows of a run that nobody else may; what an app proves itself with is masked where it is sent */
export function listSecrets({ crossing, received, attempt }: Run): readonly string[] {
  const { settings, idToken, lastIdToken } = crossing
  const tokens = [idToken, lastIdToken, received?.idToken, received?.idJag, received?.accessToken]
  const passwords = [settings.person, ...(settings.demo?.people ?? [])].map((person) => person?.password)
  const all = [
    ...tokens,
    ...tokens.map((token) => token?.split('.')[2]),
    ...passwords,
    settings.explain?.token,
    attempt?.codeVerifier,
  ]
  return [...new Set(all.filter((it) => it !== undefined && it !== ''))] as readonly string[]
}
