// Members of a group in SCIM requests, read and changed here: the library takes a tenth of a millisecond for each of them,
// and a group may have tens of thousands.
import { ScimError } from './scim-error.ts'
import { parseScimFilter } from './scim-filter.ts'

type Members = Readonly<Record<string, unknown>>

export interface Operation {
  readonly op: unknown
  readonly path?: unknown
  readonly value?: unknown
}

const MAX_MEMBERS = 50_000
const PATH = /^(?:urn:ietf:params:scim:schemas:core:2\.0:Group:)?members(?:\[(.+)\])?$/is

/** @returns the ids among the members of a resource as it was sent, and the resource without them. @throws ScimError */
export function takeMembers(resource: Members): { readonly ids: readonly string[]; readonly rest: Members } {
  const { members, rest } = splitMembers(resource)
  return { ids: members === undefined ? [] : readIds(members), rest }
}

/**
 * Applies what a PATCH says of members, in its order.
 *
 * @returns the ids there are then, and the operations on everything else
 * @throws ScimError
 */
export function patchMembers(
  current: readonly string[],
  operations: readonly Operation[],
): { readonly ids: readonly string[]; readonly others: readonly Operation[] } {
  let ids: ReadonlySet<string> = new Set(current)
  const others: Operation[] = []
  for (const operation of operations) {
    const { op, path, value } = operation
    const match = typeof path === 'string' ? PATH.exec(path) : null
    if (match !== null) ids = change(ids, { op, filter: match[1], value })
    else if (path === undefined && typeof value === 'object' && value !== null) {
      const { members, rest } = splitMembers(value as Members)
      if (members !== undefined) ids = change(ids, { op, filter: undefined, value: members })
      if (members === undefined || Object.keys(rest).length > 0) others.push({ ...operation, value: rest })
    } else others.push(operation)
  }
  return { ids: checkCount([...ids]), others }
}

interface MembersChange {
  readonly op: unknown
  /** Between the brackets of the path */
  readonly filter: string | undefined
  readonly value: unknown
}

function change(ids: ReadonlySet<string>, { op, filter, value }: MembersChange): ReadonlySet<string> {
  switch (String(op).toLowerCase()) {
    case 'add':
      refuseFilter(filter)
      return new Set([...ids, ...readIds(value)])
    case 'replace':
      refuseFilter(filter)
      return new Set(readIds(value))
    case 'remove': {
      // Entra ID lists those it removes as the value, where RFC 7644 has a filter.
      const isRemoved = filter === undefined ? isAmong(value) : parseScimFilter(filter)
      return new Set([...ids].filter((id) => !isRemoved({ value: id, type: 'User' })))
    }
    default:
      throw new ScimError(400, 'op is add, replace or remove.', 'invalidSyntax')
  }
}

/** Without a value, every member is meant. */
function isAmong(value: unknown): (member: Members) => boolean {
  if (value === undefined || value === null) return () => true
  const ids = new Set(readIds(value))
  return (member) => ids.has(String(member['value']))
}

function refuseFilter(filter: string | undefined): void {
  if (filter !== undefined)
    throw new ScimError(400, 'Members are added and replaced by their list.', 'invalidPath')
}

function readIds(members: unknown): readonly string[] {
  const list = Array.isArray(members) ? (members as readonly unknown[]) : [members]
  return checkCount(
    list.map((member) => {
      const value = typeof member === 'object' && member !== null && 'value' in member && member.value
      if (typeof value === 'string' && value !== '') return value
      throw new ScimError(400, 'A member has the id of a user as its value.', 'invalidValue')
    }),
  )
}

function checkCount(ids: readonly string[]): readonly string[] {
  if (ids.length <= MAX_MEMBERS) return ids
  throw new ScimError(400, `A group has at most ${MAX_MEMBERS} members.`, 'tooMany')
}

/** Names of attributes are compared without regard to case (RFC 7643 section 2.1). */
function splitMembers(resource: Members): { readonly members: unknown; readonly rest: Members } {
  const entries = Object.entries(resource)
  const isMembers = ([name]: readonly [string, unknown]) => name.toLowerCase() === 'members'
  return {
    members: entries.find(isMembers)?.[1],
    rest: Object.fromEntries(entries.filter((entry) => !isMembers(entry))),
  }
}
