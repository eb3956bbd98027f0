// Parses bytes as a JSON object that all parsers read the same way: valid UTF-8 that `parseStrictJson` accepts.
import { isUtf8 } from 'node:buffer'

import { accept, type JsonTextProblem, parseStrictJson, refuse, type Result } from '@crosswalk/protocol'

export type JsonProblem = 'not-utf-8' | 'not-an-object' | JsonTextProblem

export type JsonObject = Readonly<Record<string, unknown>>

/** Parses bytes as a JSON object (RFC 7493, I-JSON). */
export function parseStrictJsonObject(bytes: Buffer): Result<JsonObject, JsonProblem> {
  if (!isUtf8(bytes)) return refuse('not-utf-8')
  const parsed = parseStrictJson(bytes.toString('utf8'))
  if (!parsed.accepted) return parsed
  const { value } = parsed
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? accept(value as JsonObject)
    : refuse('not-an-object')
}
