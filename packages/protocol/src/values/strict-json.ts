// Parses JSON so that no two readers can interpret it differently: no repeated member names, bounded depth and cost, and
// text that every database can store. JSON.parse does the parsing; this rejects what it would accept.
import { accept, refuse, type Result } from '../result.ts'

export type JsonTextProblem = 'not-json' | 'repeated-member' | 'too-deep' | 'too-complex' | 'unusable-text'

/** Deeper than any token or document of these protocols */
const MAX_DEPTH = 16
/** JSON.parse needs ten times as long for a name that it has not met before. */
const MAX_DIFFERENT_NAMES = 10_000
/** A list of fifty thousand members, with all that is said about each */
const MAX_VALUES = 300_000

/**
 * Parses a text as JSON (RFC 7493, I-JSON).
 *
 * @param maxDepth - maximum nesting of objects and arrays
 * @returns the value, or the problem: a byte order mark is `not-json`, a lone surrogate or U+0000 `unusable-text`
 */
export function parseStrictJson(text: string, maxDepth = MAX_DEPTH): Result<unknown, JsonTextProblem> {
  if (isComplexJson(text)) return refuse('too-complex')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('not-json')
  }
  const members = typeof value === 'object' && value !== null ? countMembers(value, maxDepth) : 0
  if (members < 0) return refuse('too-deep')
  // A repeated name leaves fewer members in the object than in the text.
  if (members !== countMemberNames(text)) return refuse('repeated-member')
  if (text.includes('\\u') && !isUsable(value)) return refuse('unusable-text')
  return accept(value)
}

/** @returns the members of an object and of all objects below it; minus infinity if it nests deeper than allowed */
function countMembers(value: object, levels: number): number {
  if (levels === 0) return -Infinity
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value)
      if (typeof item === 'object' && item !== null) members += countMembers(item, levels - 1)
    return members
  }
  for (const item of Object.values(value)) {
    members += 1
    if (typeof item === 'object' && item !== null) members += countMembers(item, levels - 1)
  }
  return members
}

const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const SPACE = 0x20

/** Shorter texts have fewer names than that: `"":1,` */
const SIMPLE_LENGTH = 5 * MAX_DIFFERENT_NAMES

/** Whether parsing a text would block other requests for longer than its length suggests. */
export function isComplexJson(text: string): boolean {
  return text.length > SIMPLE_LENGTH && (hasTooManyValues(text) || hasTooManyNames(text))
}

function hasTooManyValues(json: string): boolean {
  let [values, at] = [0, 0]
  visitTexts(json, (open, close) => {
    values += countValues(json, at, open)
    at = close + 1
  })
  return values + countValues(json, at, json.length) > MAX_VALUES
}

/** Counts opening brackets and commas, since each begins a value; no further than matters. */
function countValues(json: string, from: number, to: number): number {
  let values = 0
  for (let at = from; at < to && values <= MAX_VALUES; at += 1) {
    const mark = json.charCodeAt(at)
    if (mark === COMMA || mark === OPEN_BRACKET || mark === OPEN_BRACE) values += 1
  }
  return values
}

function countMemberNames(json: string): number {
  let names = 0
  visitMemberNames(json, () => (names += 1))
  return names
}

function hasTooManyNames(json: string): boolean {
  const different = new Set<string>()
  visitMemberNames(json, (start, end) => {
    if (different.size <= MAX_DIFFERENT_NAMES) different.add(json.slice(start, end))
  })
  return different.size > MAX_DIFFERENT_NAMES
}

/** Finds the texts followed by a colon. */
function visitMemberNames(json: string, visit: (start: number, end: number) => void): void {
  visitTexts(json, (open, close) => {
    let next = close + 1
    while (json.charCodeAt(next) <= SPACE) next += 1
    if (json.charCodeAt(next) === COLON) visit(open + 1, close)
  })
}

/** Finds the texts by their quotes. `json` may be invalid; which texts are found is then undefined. */
function visitTexts(json: string, visit: (open: number, close: number) => void): void {
  let open = json.indexOf('"')
  while (open !== -1) {
    let close = json.indexOf('"', open + 1)
    while (close !== -1 && isEscaped(json, close)) close = json.indexOf('"', close + 1)
    if (close === -1) return
    visit(open, close)
    open = json.indexOf('"', close + 1)
  }
}

/** An odd number of backslashes before a quote escapes it. */
function isEscaped(json: string, quote: number): boolean {
  let before = quote - 1
  while (json.charCodeAt(before) === BACKSLASH) before -= 1
  return (quote - before) % 2 === 0
}

function isUsable(value: unknown): boolean {
  if (typeof value === 'string') return isUsableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isUsable)
  return Object.entries(value).every(([name, item]) => isUsableText(name) && isUsable(item))
}

/** Whether every database and URL can hold the text: no U+0000 and no lone surrogate. */
export function isUsableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/**
 * For JSON that grants no access, so that ambiguity does not matter.
 * @returns undefined if the text is not JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
