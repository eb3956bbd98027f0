// Filters of SCIM lists (RFC 7644 section 3.4.2.2): parsed by a library, evaluated here with the case rules of the
// schema.
import { type Filter, parse } from 'scim2-parse-filter'

import { ScimError } from './scim-error.ts'

type Members = Readonly<Record<string, unknown>>

const LONGEST_FILTER = 1024
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

function read(text: string): Filter {
  try {
    return parse(text)
  } catch {
    throw new ScimError(400, `The filter cannot be read: ${text.slice(0, 100)}`, 'invalidFilter')
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
  // `emails.value` is an address; the `value` of a member or group is an id.
  const isExact = CASE_EXACT.has(name) && !/^emails/i.test(attrPath)
  const find = compilePath(attrPath)
  const some = (resource: Members, operator: string) =>
    find(resource).some((value) => compare(operator, unwrap(value), compValue, isExact))
  return op === 'ne' ? (resource) => !some(resource, 'eq') : (resource) => some(resource, op)
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

/** @returns a function that finds all values under a path; names are case-insensitive (RFC 7643 section 2.1) */
function compilePath(path: string): (resource: Members) => readonly unknown[] {
  const lower = path.toLowerCase()
  const bare = lower.replace(/^urn:ietf:params:scim:schemas:core:2\.0:\w+:/, '').split('.')
  if (!lower.startsWith('urn:')) return (resource) => follow(bare, resource)
  return (resource) => {
    const urn = Object.keys(resource).find(
      (key) => key.startsWith('urn:') && lower.startsWith(`${key.toLowerCase()}:`),
    )
    return follow(urn === undefined ? bare : [urn, ...lower.slice(urn.length + 1).split('.')], resource)
  }
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
    : Object.keys(holder).find((one) => one.toLowerCase() === name.toLowerCase())
  const value: unknown = key === undefined ? undefined : (holder as Members)[key]
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}
