// What users are found by beside their id: names, groups, attributes, and the directory they come from. A key only says where
// to look: the reader compares with what the user has.
import type { UserRecord } from '../records.ts'

/** @returns the key of a user name or e-mail address, in whatever case */
export function nameKey(name: string): string {
  return `name:${name.toLowerCase()}`
}

export const GROUP_PREFIX = 'group:'

export function groupKey(group: string): string {
  return `${GROUP_PREFIX}${group}`
}

export function attributeKey(name: string, value: unknown): string {
  return `attribute:${name}=${JSON.stringify(value)}`
}

/** @param directory - id of the SCIM client or LDAP directory that provisions the user */
export function directoryKey(directory: string): string {
  return `directory:${directory}`
}

export function externalIdKey(directory: string, externalId: string): string {
  return `external:${directory}/${externalId}`
}

/** Of users whose definition says that they are not active */
export const INACTIVE_KEY = 'inactive'

export function keysOfUser(user: UserRecord): readonly string[] {
  const { username, email, groups, attributes, active, directory, externalId } = user
  return [
    nameKey(username),
    ...(email === undefined ? [] : [nameKey(email)]),
    ...groups.map(groupKey),
    ...Object.entries(attributes).map(([name, value]) => attributeKey(name, value)),
    ...(active ? [] : [INACTIVE_KEY]),
    ...(directory === undefined ? [] : [directoryKey(directory)]),
    ...(directory === undefined || externalId === undefined ? [] : [externalIdKey(directory, externalId)]),
  ]
}
