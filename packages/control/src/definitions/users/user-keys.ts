// Keys by which users are found in addition to their id: names, groups, attributes, and their directory. A key only
// narrows the search: the reader compares the actual values.
import { createHash } from 'node:crypto'

import { foldName } from '@crosswalk/protocol'

import type { UserRecord } from '../records.ts'

/** @returns the key of a user name or e-mail address, ignoring case */
export function nameKey(name: string): string {
  return bound(`name:${name.toLowerCase()}`)
}

/** @returns the keys of a name and of all that look like it */
export function nameKeys(name: string): readonly string[] {
  return [...new Set([nameKey(name), nameKey(foldName(name))])]
}

export const GROUP_PREFIX = 'group:'

export function groupKey(group: string): string {
  return bound(`${GROUP_PREFIX}${group}`)
}

export function attributeKey(name: string, value: unknown): string {
  return bound(`attribute:${name}=${JSON.stringify(value)}`)
}

/** @param directory - id of the SCIM client or LDAP directory that provisions the user */
export function directoryKey(directory: string): string {
  return bound(`directory:${directory}`)
}

export function externalIdKey(directory: string, externalId: string): string {
  return bound(`external:${directory}/${externalId}`)
}

/** @returns the group of a key; undefined if the key holds only a digest */
export function groupOfKey(key: string): string | undefined {
  return key.includes(DIGESTED) ? undefined : key.slice(GROUP_PREFIX.length)
}

/** Key of users who are defined as inactive */
export const INACTIVE_KEY = 'inactive'

export function keysOfUser(user: UserRecord): readonly string[] {
  const { groups, attributes, active, directory } = user
  return [
    ...uniqueKeysOf(user),
    ...groups.map(groupKey),
    ...Object.entries(attributes).map(([name, value]) => attributeKey(name, value)),
    ...(active ? [] : [INACTIVE_KEY]),
    ...(directory === undefined ? [] : [directoryKey(directory)]),
  ]
}

/** @returns the keys that no other user may have */
export function uniqueKeysOf({ username, email, directory, externalId }: UserRecord): readonly string[] {
  return [
    ...nameKeys(username),
    ...(email === undefined ? [] : nameKeys(email)),
    ...(directory === undefined || externalId === undefined ? [] : [externalIdKey(directory, externalId)]),
  ]
}

/** Maximum length of a key in the database */
const MAX_LENGTH = 512
const DIGESTED = '#sha256:'

/** Keeps the prefix, so that keys of one kind are found together. */
function bound(key: string): string {
  if (key.length <= MAX_LENGTH && !key.includes('\0')) return key
  const beginning = key.slice(0, key.search(/[:/]/) + 1)
  return `${beginning}${DIGESTED}${createHash('sha256').update(key).digest('hex')}`
}
