// Parses a trace strictly: any other file is refused, with the reason. It may come from anyone, so its content is shown
// and never acted on.
import { accept, isObject, parseStrictJson, refuse, type Result } from '@crosswalk/protocol'

import { type Trace, TRACE_SCHEMA, zTrace } from './trace-document.ts'

export const MAX_TRACE_BYTES = 8 * 1024 * 1024

const JSON_PROBLEMS = {
  'not-json': 'the file is not JSON',
  'repeated-member': 'the file is not a trace: its JSON has a repeated member',
  'too-deep': 'the file is not a trace: its JSON nests too deep',
  'too-complex': 'the file is not a trace: its JSON has too many values or member names',
  'unusable-text': 'the file is not a trace: its text contains invalid characters',
} as const

/** @returns the trace, or one sentence that explains why it is not one */
export function parseTrace(text: string): Result<Trace, string> {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_TRACE_BYTES) return refuse(describeTooLarge(bytes))
  const json = parseStrictJson(text)
  if (!json.accepted) return refuse(JSON_PROBLEMS[json.refusal])
  const { schema } = isObject(json.value) ? json.value : {}
  if (schema !== TRACE_SCHEMA)
    return refuse(`the file is not a trace: its schema is ${describe(schema)}, not ${TRACE_SCHEMA}`)
  const parsed = zTrace.safeParse(json.value)
  if (parsed.success) return accept(parsed.data)
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? 'the top' : issue.path.join('.')
  return refuse(`the trace is not well formed at ${place}: ${issue?.message ?? 'unknown'}`)
}

export function describeTooLarge(bytes: number): string {
  return `the file has ${bytes} bytes, and a trace has at most ${MAX_TRACE_BYTES}`
}

function describe(schema: unknown): string {
  return schema === undefined ? 'missing' : JSON.stringify(schema).slice(0, 80)
}
