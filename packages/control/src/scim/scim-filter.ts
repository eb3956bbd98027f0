// Filters of SCIM lists (RFC 7644 section 3.4.2.2): parsed by a library, evaluated here with the case rules of the
// schema.
import { type Filter, parse } from 'scim2-parse-filter'

import { ScimError } from './scim-error.ts'
import { parseNames } from './scim-path.ts'

type Members = Readonly<Record<string, unknown>>

const LONGEST_FILTER = 1024
const BOOLEANS: ReadonlySet<string> = new Set(['active', 'primary'])
const MOMENTS: ReadonlySet<string> = new Set(['created', 'lastmodified'])
/** RFC 7643 section 7: compared case-sensitively; all others are case-insensitive. */
const CASE_EXACT: ReadonlySet<string> = new Set(['id', 'externalid', 'value', 'version'])

type Matches = (resource: Members) => boolean

export interface ScimFilter {
  readonly matches: Matches
  /** Maximum number of comparisons per resource */
  readonly terms: number
  /** A value that one attribute must equal, ignoring case; undefined if the filter requires none */
  readonly wanted: RequiredValue | undefined
}

export interface RequiredValue {
  /** In lower case, without schema URN */
  readonly attribute: string
  readonly value: string
}

export function parseScimFilter(text: string): ScimFilter {
  if (text.length > LONGEST_FILTER) throw new ScimError(400, 'The filter is too long.', 'invalidFilter')
  // Line feeds in an open quote block the library for hours; JSON strings contain none.
  if (/\p{Cc}/u.test(text)) throw new ScimError(400, 'The filter has a control character.', 'invalidFilter')
  const filter = read(text)
  return { matches: compile(filter), terms: countTerms(filter), wanted: findWanted(filter) }
}

const TEXT = /"(?:[^"\\]|\\.)*"/g

/** The library takes backslashes for characters of the text, so it gets the number of each text instead. */
function read(text: string): Filter {
  const texts: string[] = []
  try {
    const numbered = text.replace(TEXT, (literal) => `"${texts.push(readText(literal)) - 1}"`)
    return restoreTexts(parse(numbered), texts)
  } catch {
    throw new ScimError(400, `The filter cannot be read: ${text.slice(0, 100)}`, 'invalidFilter')
  }
}

/**
 * A JSON string (RFC 7644 section 3.4.2.2). Some products do not escape the backslash of a name like `ACME\nora`: it is
 * one where JSON has no such escape, or would have a control character, which no name contains.
 */
function readText(literal: string): string {
  try {
    const decoded = JSON.parse(literal) as string
    if (!/\p{Cc}/u.test(decoded)) return decoded
  } catch {
    // A backslash that escapes nothing.
  }
  return literal.slice(1, -1).replaceAll('\\"', '"')
}

function restoreTexts(filter: Filter, texts: readonly string[]): Filter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((one) => restoreTexts(one, texts)) }
    case 'not':
      return { ...filter, filter: restoreTexts(filter.filter, texts) }
    case '[]':
      return { ...filter, valFilter: restoreTexts(filter.valFilter, texts) }
    case 'pr':
      return filter
    default: {
      const { compValue } = filter
      return typeof compValue === 'string' ? { ...filter, compValue: texts[Number(compValue)] ?? '' } : filter
    }
  }
}

function countTerms(filter: Filter): number {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, one) => sum + countTerms(one), 0)
    case 'not':
      return countTerms(filter.filter)
    case '[]':
      return countTerms(filter.valFilter)
    default:
      return 1
  }
}

function findWanted(filter: Filter): RequiredValue | undefined {
  if (filter.op === 'and') return filter.filters.map(findWanted).find((wanted) => wanted !== undefined)
  if (filter.op !== 'eq' || typeof filter.compValue !== 'string') return undefined
  const attribute = filter.attrPath.slice(filter.attrPath.lastIndexOf(':') + 1).toLowerCase()
  return { attribute, value: filter.compValue }
}

function compile(filter: Filter): Matches {
  switch (filter.op) {
    case 'and': {
      const all = filter.filters.map(compile)
      return (resource) => all.every((matches) => matches(resource))
    }
    case 'or': {
      const all = filter.filters.map(compile)
      return (resource) => all.some((matches) => matches(resource))
    }
    case 'not': {
      const matches = compile(filter.filter)
      return (resource) => !matches(resource)
    }
    case '[]': {
      const [find, matches] = [compilePath(filter.attrPath), compile(filter.valFilter)]
      return (resource) =>
        find(resource).some((one) => typeof one === 'object' && one !== null && matches(one as Members))
    }
    case 'pr': {
      const find = compilePath(filter.attrPath)
      return (resource) => find(resource).length > 0
    }
    default:
      return compileComparison(filter)
  }
}

function compileComparison({ op, attrPath, compValue }: Extract<Filter, { compValue: unknown }>): Matches {
  const name = attrPath.split(/[.:]/).at(-1)?.toLowerCase() ?? ''
  if (BOOLEANS.has(name) && !['eq', 'ne'].includes(op))
    throw new ScimError(400, `${name} is compared by eq and ne only.`, 'invalidFilter')
  // `emails.value` is an address; the `value` of a member or group is an id.
  const isExact = CASE_EXACT.has(name) && !/^emails/i.test(attrPath)
  const find = compilePath(attrPath)
  const spell = MOMENTS.has(name) ? spellMoment : (value: unknown) => value
  const wanted = spell(compValue)
  const some = (resource: Members, operator: string) =>
    find(resource).some((value) => compare(operator, spell(unwrap(value)), wanted, isExact))
  return op === 'ne' ? (resource) => !some(resource, 'eq') : (resource) => some(resource, op)
}

/** As our resources spell it, in UTC, so that moments compare like text. */
function spellMoment(value: unknown): unknown {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? value : new Date(ms).toISOString()
}

/** A multi-valued attribute is compared by its `value`. */
function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value
}

function compare(op: string, actual: unknown, wanted: unknown, isExact: boolean): boolean {
  if (typeof actual === 'boolean') return op === 'eq' && String(actual) === String(wanted).toLowerCase()
  if (typeof actual !== 'string' || typeof wanted !== 'string') return op === 'eq' && actual === wanted
  const [a, b] = isExact ? [actual, wanted] : [actual.toLowerCase(), wanted.toLowerCase()]
  switch (op) {
    case 'eq':
      return a === b
    case 'co':
      return a.includes(b)
    case 'sw':
      return a.startsWith(b)
    case 'ew':
      return a.endsWith(b)
    case 'gt':
      return a > b
    case 'ge':
      return a >= b
    case 'lt':
      return a < b
    case 'le':
      return a <= b
    default:
      return false
  }
}

/** @returns a function that finds all values under a path */
function compilePath(path: string): (resource: Members) => readonly unknown[] {
  const namesIn = parseNames(path)
  return (resource) => follow(namesIn(resource), resource)
}

function follow(names: readonly string[], resource: Members): readonly unknown[] {
  let values: readonly unknown[] = [resource]
  for (const name of names) values = values.flatMap((value) => member(value, name))
  return values
}

function member(holder: unknown, name: string): readonly unknown[] {
  if (typeof holder !== 'object' || holder === null) return []
  const key = Object.hasOwn(holder, name)
    ? name
    : Object.keys(holder).find((one) => one.toLowerCase() === name)
  const value: unknown = key === undefined ? undefined : (holder as Members)[key]
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}
