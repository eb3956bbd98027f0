// Parses bytes as a JSON object that all parsers read the same way: valid UTF-8 that `parseStrictJson` accepts.
import { isUtf8 } from 'node:buffer'

import {
  accept,
  isObject,
  type JsonTextProblem,
  parseStrictJson,
  refuse,
  type Result,
} from '@crosswalk/protocol'

export type JsonProblem = 'not-utf-8' | 'not-an-object' | JsonTextProblem

export type JsonObject = Readonly<Record<string, unknown>>

/** Keeps a byte order mark, which is not JSON. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

/** Parses bytes as a JSON object (RFC 7493, I-JSON). */
export function parseStrictJsonObject(bytes: Uint8Array): Result<JsonObject, JsonProblem> {
  if (!isUtf8(bytes)) return refuse('not-utf-8')
  const parsed = parseStrictJson(DECODER.decode(bytes))
  if (!parsed.accepted) return parsed
  const { value } = parsed
  return isObject(value) ? accept(value) : refuse('not-an-object')
}
