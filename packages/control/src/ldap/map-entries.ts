// Maps LDAP entries to users and groups. Pure, with turns for other work, because there may be a hundred thousand.
// Incomplete entries are skipped, each with a sentence that gives the reason.
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inTurns } from '@crosswalk/as-core'
import { cutText, isDisplayName, memoize, toDisplayName } from '@crosswalk/protocol'
import type { Entry } from 'ldapts'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { isAddress } from '../scim/is-address.ts'
import type { ProvisionedGroup } from '../scim/provision-groups.ts'
import type { ProvisionedUser } from '../scim/provision-users.ts'
import { ACCOUNT_CONTROL, MEMBER_OF, MEMBERS, namesOf } from './ldap-names.ts'
import type { LdapContent } from './read-ldap.ts'

/** Bit of `userAccountControl` in Active Directory. */
const ACCOUNT_DISABLED = 0x2

export interface MappedUser {
  /** Derived from directory and external id, so that two processes cannot create the same user twice */
  readonly id: string
  readonly input: ProvisionedUser & { readonly externalId: string }
}

export interface Mapped {
  readonly users: readonly MappedUser[]
  readonly groups: readonly ProvisionedGroup[]
  /** A sentence for each skipped entry */
  readonly problems: readonly string[]
}

export async function mapEntries(
  directory: DirectoryDefinition,
  ldap: LdapDefinition,
  { users, groups }: LdapContent,
): Promise<Mapped> {
  const problems: string[] = []
  // Entries name each other many times: a group by each of its members, a user by each of its groups.
  const normalize = memoize(normalizeDn)
  const byDn = new Map<string, string>()
  const groupsOf = new Map<string, Set<string>>()
  const mapped = new Map<string, MappedUser>()
  for await (const entry of inTurns(users)) {
    const user = mapUser(directory, ldap, entry)
    if (typeof user === 'string') problems.push(`${entry.dn}: ${user}`)
    else if (mapped.has(user.id)) problems.push(`${entry.dn}: another entry has its id`)
    else {
      mapped.set(user.id, user)
      byDn.set(normalize(entry.dn), user.id)
      for (const dn of readAll(entry, MEMBER_OF)) addTo(groupsOf, normalize(dn), user.id)
    }
  }
  const names = namesOf(ldap).groups
  const input = new Map<string, ProvisionedGroup>()
  for (const entry of groups) {
    await nextTurn()
    const name = read(entry, names.name)
    if (!isDisplayName(name, 200) || name.includes('/'))
      problems.push(`${entry.dn}: its ${names.name} cannot be the name of a group`)
    else if (input.has(name)) problems.push(`${entry.dn}: another group has its name`)
    else {
      const members = new Set(groupsOf.get(normalize(entry.dn)))
      // A group may contain most users.
      for await (const dn of inTurns(MEMBERS.flatMap((member) => readAll(entry, member)))) {
        const id = byDn.get(normalize(dn))
        if (id !== undefined) members.add(id)
      }
      input.set(name, { name, externalId: readId(entry, names.id) ?? null, members: [...members].toSorted() })
    }
  }
  return { users: [...mapped.values()], groups: [...input.values()], problems }
}

/** @returns the user, or why it is skipped */
function mapUser(
  { id: directory, emailDomains }: DirectoryDefinition,
  ldap: LdapDefinition,
  entry: Entry,
): MappedUser | string {
  const names = namesOf(ldap).users
  const externalId = readId(entry, names.id)
  if (externalId === undefined) return `it has no ${names.id}`
  const username = read(entry, names.username)
  if (!isDisplayName(username, 256))
    return `it has no ${names.username} of at most 256 characters in one line`
  const email = read(entry, names.email)
  const hasAddress = email !== undefined && isAddress(email)
  const domain = email?.split('@').at(-1)?.toLowerCase()
  const control = read(entry, ACCOUNT_CONTROL) ?? ''
  // Hardened directories hide it from unprivileged accounts, which would make disabled users look active.
  if (ldap.kind === 'active-directory' && !/^-?\d{1,10}$/.test(control))
    return `it has no ${ACCOUNT_CONTROL}, which tells whether it is disabled`
  return {
    id: `usr_${createHash('sha256').update(`${directory}\0${externalId}`).digest('hex').slice(0, 32)}`,
    input: {
      username,
      externalId,
      email: hasAddress ? email : null,
      emailVerified: hasAddress && emailDomains.some((one) => one.toLowerCase() === domain),
      name: toDisplayName(read(entry, names.name), 256) ?? null,
      active: (Number(control) & ACCOUNT_DISABLED) === 0,
      attributes: Object.fromEntries(
        Object.entries(ldap.users.attributes).map(([here, there]) => [
          here,
          there === names.id ? externalId : readAttribute(entry, there),
        ]),
      ),
    },
  }
}

/** Attribute names are case-insensitive (RFC 4512 section 2.5). */
function find(entry: Entry, name: string): Entry[string] | undefined {
  const lower = name.toLowerCase()
  const key = Object.keys(entry).find((one) => one !== 'dn' && one.toLowerCase() === lower)
  return key === undefined ? undefined : entry[key]
}

function readAll(entry: Entry, name: string): readonly string[] {
  return [find(entry, name) ?? []]
    .flat()
    .map(String)
    .filter((text) => text !== '')
}

function read(entry: Entry, name: string): string | undefined {
  return readAll(entry, name)[0]
}

function readId(entry: Entry, name: string): string | undefined {
  const [value] = [find(entry, name) ?? []].flat()
  if (Buffer.isBuffer(value)) return value.length === 16 ? formatGuid(value) : undefined
  return value === undefined || value === '' || value.length > 256 ? undefined : value
}

/** In the notation of Active Directory: the first three parts are little-endian. */
function formatGuid(bytes: Buffer): string {
  const hex = (from: number, to: number) => bytes.subarray(from, to).toString('hex')
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join('-')
}

/**
 * Ignores letter case, and spaces around separators (RFC 4514). Spaces within a value count, even after an escaped
 * comma: otherwise the members of a group could be users with almost the same name.
 */
function normalizeDn(dn: string): string {
  return dn
    .toLowerCase()
    .split(/((?:\\.|[^\\,+])+)/s)
    .map(trimTypeAndValue)
    .join('')
}

/** Drops the spaces around one type and value of a DN, which have no meaning. No pattern does it in linear time. */
function trimTypeAndValue(part: string): string {
  const at = part.indexOf('=')
  const type = part.slice(0, at)
  if (at === -1 || type.includes('\\')) return part
  const value = part.slice(at + 1).trimStart()
  const trimmed = value.trimEnd()
  let end = trimmed.length
  while (trimmed[end - 1] === '\\') end -= 1
  // An escaped space belongs to the value.
  const isEscaped = (trimmed.length - end) % 2 === 1
  return `${type.trim()}=${isEscaped ? value.slice(0, trimmed.length + 1) : trimmed}`
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([value]))
  else set.add(value)
}

function readAttribute(entry: Entry, name: string): string | null {
  const text = read(entry, name)
  return text === undefined ? null : cutText(text, 1024)
}
