// Members of a group in SCIM requests. Parsed and changed here, because the library needs a tenth of a millisecond per
// member and a group may have tens of thousands.
import { ScimError } from './scim-error.ts'
import { parseScimFilter } from './scim-filter.ts'

type Members = Readonly<Record<string, unknown>>

export interface Operation {
  readonly op: unknown
  readonly path?: unknown
  readonly value?: unknown
}

const MAX_MEMBERS = 50_000
/** Per request: it may have hundreds of filters, and each compares tens of thousands of members. */
const MAX_COMPARISONS = 500_000
const NAME = '(?:urn:ietf:params:scim:schemas:core:2\\.0:Group:)?members'
const PATH = new RegExp(`^${NAME}(?:\\[(.+)\\])?$`, 'is')
/** The id of a member is the member, and cannot change (RFC 7643 section 4.2). */
const ID_PATH = new RegExp(`^${NAME}(?:\\[.+\\])?\\.value$`, 'is')
const MEMBERS = new RegExp(`^${NAME}$`, 'i')

/** @returns the member ids of a resource as sent, and the resource without them. @throws ScimError */
export function takeMembers(resource: Members): { readonly ids: readonly string[]; readonly rest: Members } {
  const { members, rest } = splitMembers(resource)
  return { ids: members === undefined ? [] : readIds(members), rest }
}

/**
 * Applies the operations of a PATCH on members, in order.
 *
 * @returns the resulting ids, and the operations on all other attributes
 * @throws ScimError
 */
export function patchMembers(
  current: readonly string[],
  operations: readonly Operation[],
): { readonly ids: readonly string[]; readonly others: readonly Operation[] } {
  const ids = new Set(current)
  const budget = { comparisons: MAX_COMPARISONS }
  const others: Operation[] = []
  for (const operation of operations) {
    const { op, path, value } = operation
    const match = typeof path === 'string' ? PATH.exec(path) : null
    if (typeof path === 'string' && ID_PATH.test(path))
      throw new ScimError(400, 'Members are added and removed as a whole.', 'invalidPath')
    if (match !== null) change(ids, { op, filter: match[1], value }, budget)
    else if (path === undefined && typeof value === 'object' && value !== null) {
      const { members, rest } = splitMembers(value as Members)
      if (members !== undefined) change(ids, { op, filter: undefined, value: members }, budget)
      if (members === undefined || Object.keys(rest).length > 0) others.push({ ...operation, value: rest })
    } else others.push(operation)
  }
  return { ids: checkCount([...ids]), others }
}

/** The remaining limit for later operations */
interface Budget {
  comparisons: number
}

interface MembersChange {
  readonly op: unknown
  /** The filter in the brackets of the path */
  readonly filter: string | undefined
  readonly value: unknown
}

/** The filter that products send; handled separately, because a request may have hundreds of them for a large group. */
const ONE = /^value eq "([^"\\\p{Cc}]{1,256})"$/iu

function change(ids: Set<string>, { op, filter, value }: MembersChange, budget: Budget): void {
  switch (String(op).toLowerCase()) {
    case 'add':
      refuseFilter(filter)
      for (const id of readIds(value)) ids.add(id)
      return
    case 'replace': {
      refuseFilter(filter)
      const next = readIds(value)
      ids.clear()
      for (const id of next) ids.add(id)
      return
    }
    case 'remove':
      if (filter !== undefined) removeMatching(ids, filter, budget)
      // Entra ID lists the members to remove as the value, where RFC 7644 uses a filter. Without a value, all are
      // removed.
      else if (value === undefined || value === null) ids.clear()
      else for (const id of readIds(value)) ids.delete(id)
      return
    default:
      throw new ScimError(400, 'op must be add, replace or remove.', 'invalidSyntax')
  }
}

function removeMatching(ids: Set<string>, filter: string, budget: Budget): void {
  const one = ONE.exec(filter)?.[1]
  if (one !== undefined) {
    ids.delete(one)
    return
  }
  const { matches, terms } = parseScimFilter(filter)
  budget.comparisons -= terms * ids.size
  if (budget.comparisons < 0)
    throw new ScimError(
      400,
      'The filters need too many comparisons. Remove members with `value eq`, or in several requests.',
      'tooMany',
    )
  for (const id of ids) if (matches({ value: id, type: 'User' })) ids.delete(id)
}

function refuseFilter(filter: string | undefined): void {
  if (filter !== undefined)
    throw new ScimError(400, 'Members must be added or replaced as a list.', 'invalidPath')
}

function readIds(members: unknown): readonly string[] {
  const list = Array.isArray(members) ? (members as readonly unknown[]) : [members]
  return checkCount(
    list.map((member) => {
      const value = typeof member === 'object' && member !== null && 'value' in member && member.value
      if (typeof value === 'string' && value !== '') return value
      throw new ScimError(400, 'The value of a member must be the id of a user.', 'invalidValue')
    }),
  )
}

function checkCount(ids: readonly string[]): readonly string[] {
  if (ids.length <= MAX_MEMBERS) return ids
  throw new ScimError(400, `A group may have at most ${MAX_MEMBERS} members.`, 'tooMany')
}

/** Attribute names are case-insensitive (RFC 7643 section 2.1), and may have the URN of their schema (RFC 7644 section 3.10). */
function splitMembers(resource: Members): { readonly members: unknown; readonly rest: Members } {
  const entries = Object.entries(resource)
  const isMembers = ([name]: readonly [string, unknown]) => MEMBERS.test(name)
  return {
    members: entries.find(isMembers)?.[1],
    rest: Object.fromEntries(entries.filter((entry) => !isMembers(entry))),
  }
}
