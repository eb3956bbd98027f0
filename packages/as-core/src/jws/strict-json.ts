// Reads bytes as one JSON object that no two readers can disagree about: valid UTF-8, and what `parseStrictJson` takes.
import { isUtf8 } from 'node:buffer'

import { accept, type JsonTextProblem, parseStrictJson, refuse, type Result } from '@crosswalk/protocol'

export type JsonProblem = 'not-utf-8' | 'not-an-object' | JsonTextProblem

export type JsonObject = Readonly<Record<string, unknown>>

/** Reads bytes as one JSON object (RFC 7493, I-JSON). */
export function parseStrictJsonObject(bytes: Buffer): Result<JsonObject, JsonProblem> {
  if (!isUtf8(bytes)) return refuse('not-utf-8')
  const parsed = parseStrictJson(bytes.toString('utf8'))
  if (!parsed.accepted) return parsed
  const { value } = parsed
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? accept(value as JsonObject)
    : refuse('not-an-object')
}
