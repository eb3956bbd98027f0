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

/** @returns what this process knows of a run that nobody else may */
export function listSecrets({ crossing, received, attempt, secrets }: Run): readonly string[] {
  const { settings, idToken, lastIdToken } = crossing
  const tokens = [idToken, lastIdToken, received?.idToken, received?.idJag, received?.accessToken]
  const passwords = [settings.person, ...(settings.demo?.people ?? [])].map((person) => person?.password)
  const all = [
    ...tokens,
    ...tokens.map((token) => token?.split('.')[2]),
    ...passwords,
    settings.explain?.token,
    attempt?.codeVerifier,
    ...(secrets ?? []),
    ...[...(secrets ?? [])].flatMap(readBasic),
  ]
  return [...new Set(all.filter((it) => it !== undefined && it !== ''))] as readonly string[]
}

/** @returns the secret of an app in what it sent by HTTP Basic (RFC 6749 section 2.3.1); none in anything else */
function readBasic(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'base64')
  const [, secret] = /^[^:]+:(.+)$/s.exec(bytes.toString('utf8')) ?? []
  if (secret === undefined || bytes.toString('base64') !== text) return []
  try {
    return [secret, decodeURIComponent(secret.replaceAll('+', ' '))]
  } catch {
    return [secret]
  }
}
