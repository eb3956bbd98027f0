// Filters of SCIM lists (RFC 7644 section 3.4.2.2): read by a library, evaluated here by the case rules of the schema.
import { type Filter, parse } from 'scim2-parse-filter'

import { ScimError } from './scim-error.ts'

type Members = Readonly<Record<string, unknown>>

const LONGEST_FILTER = 1024
/** RFC 7643 section 7: these are compared exactly, everything else without regard to case. */
const CASE_EXACT: ReadonlySet<string> = new Set(['id', 'externalid', 'value', 'version'])

/** @throws ScimError where the filter cannot be read */
export function parseScimFilter(text: string): (resource: Members) => boolean {
  if (text.length > LONGEST_FILTER) throw new ScimError(400, 'The filter is too long.', 'invalidFilter')
  // Line feeds in an open quote keep the library busy for hours; written as JSON, a text has none.
  if (/\p{Cc}/u.test(text)) throw new ScimError(400, 'The filter has a control character.', 'invalidFilter')
  const filter = read(text)
  return (resource) => evaluate(filter, resource)
}

function read(text: string): Filter {
  try {
    return parse(text)
  } catch {
    throw new ScimError(400, `The filter cannot be read: ${text.slice(0, 100)}`, 'invalidFilter')
  }
}

function evaluate(filter: Filter, resource: Members): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((one) => evaluate(one, resource))
    case 'or':
      return filter.filters.some((one) => evaluate(one, resource))
    case 'not':
      return !evaluate(filter.filter, resource)
    case '[]':
      return find(filter.attrPath, resource).some(
        (one) => typeof one === 'object' && one !== null && evaluate(filter.valFilter, one as Members),
      )
    case 'pr':
      return find(filter.attrPath, resource).length > 0
    default: {
      const name = filter.attrPath.split(/[.:]/).at(-1)?.toLowerCase() ?? ''
      // `emails.value` is an address; the `value` of a member or group is an id.
      const isExact = CASE_EXACT.has(name) && !/^emails/i.test(filter.attrPath)
      const values = find(filter.attrPath, resource).map(unwrap)
      if (filter.op === 'ne') return !values.some((value) => compare('eq', value, filter.compValue, isExact))
      return values.some((value) => compare(filter.op, value, filter.compValue, isExact))
    }
  }
}

/** Of an attribute with several values its `value` is meant. */
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

/** @returns every value under a path; names without regard to case (RFC 7643 section 2.1) */
function find(path: string, resource: Members): readonly unknown[] {
  const urn = Object.keys(resource).find(
    (key) => key.startsWith('urn:') && path.toLowerCase().startsWith(`${key.toLowerCase()}:`),
  )
  const bare = path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:\w+:/i, '')
  const names = urn === undefined ? bare.split('.') : [urn, ...path.slice(urn.length + 1).split('.')]
  let values: readonly unknown[] = [resource]
  for (const name of names) values = values.flatMap((value) => member(value, name))
  return values
}

function member(holder: unknown, name: string): readonly unknown[] {
  if (typeof holder !== 'object' || holder === null) return []
  const key = Object.keys(holder).find((one) => one.toLowerCase() === name.toLowerCase())
  const value: unknown = key === undefined ? undefined : (holder as Members)[key]
  return value === undefined || value === null || value === '' ? [] : [value].flat()
}
