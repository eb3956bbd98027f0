// Converts users and groups of a directory to SCIM resources and back. Pure; access is checked elsewhere.
import {
  dropUndefined,
  type GroupDefinition,
  isDisplayName,
  isObject,
  toDisplayName,
} from '@crosswalk/protocol'
import SCIMMY from 'scimmy'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { Item, UserRecord } from '../definitions/records.ts'
import { toMoment } from '../http/to-moment.ts'
import { isAddress } from './is-address.ts'
import { checkValues } from './scim-bounds.ts'
import { fromLibrary, ScimError } from './scim-error.ts'

type Members = Readonly<Record<string, unknown>>

export const SCHEMA = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
} as const

// The library has one set of schemas per process.
SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition)
// Canonical values are suggestions (RFC 7643 section 7), so accept any: Entra ID sends roles with its own types.
for (const name of ['roles', 'x509Certificates']) {
  const attribute = SCIMMY.Schemas.User.definition.attribute(name)
  const type =
    'subAttributes' in attribute ? attribute.subAttributes.find((sub) => sub.name === 'type') : undefined
  if (type !== undefined) type.config.canonicalValues = false
}

export interface Rendering {
  /** URL of `/scim/v2` */
  readonly baseUrl: string
  readonly directory: DirectoryDefinition
}

/** With the time at which it was created, if that is known */
export type Dated<T> = Item<T> & { readonly createdAt?: number | undefined }

export function renderUser(
  { definition: user, ...times }: Dated<UserRecord>,
  groups: readonly { readonly id: string; readonly name: string }[],
  { baseUrl, directory }: Rendering,
): Members {
  const resource: Record<string, unknown> = {
    schemas: [SCHEMA.user],
    id: user.id,
    ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
    userName: user.username,
    ...(user.name === undefined ? {} : { displayName: user.name }),
    active: user.active,
    ...(user.email === undefined ? {} : { emails: [{ value: user.email, type: 'work', primary: true }] }),
    ...(groups.length === 0
      ? {}
      : {
          groups: groups.map(({ id, name }) => ({
            value: id,
            display: name,
            $ref: `${baseUrl}/Groups/${encodeURIComponent(id)}`,
          })),
        }),
    meta: buildMeta('User', `${baseUrl}/Users/${encodeURIComponent(user.id)}`, times),
  }
  for (const [name, path] of Object.entries(directory.attributes)) {
    const value = user.attributes[name]
    if (value !== undefined) write(resource, path, value)
  }
  if (resource[SCHEMA.enterprise] !== undefined) resource['schemas'] = [SCHEMA.user, SCHEMA.enterprise]
  return resource
}

export function renderGroup(
  { definition: group, ...times }: Dated<GroupDefinition>,
  { baseUrl, directory }: Rendering,
): Members {
  return {
    schemas: [SCHEMA.group],
    id: group.id,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    displayName: group.name ?? group.id.slice(directory.groupPrefix.length),
    ...(group.members.length === 0
      ? {}
      : {
          members: group.members.map((id) => ({
            value: id,
            $ref: `${baseUrl}/Users/${encodeURIComponent(id)}`,
          })),
        }),
    meta: buildMeta('Group', `${baseUrl}/Groups/${encodeURIComponent(group.id)}`, times),
  }
}

/** A resource of a dry run has no times. */
function buildMeta(
  resourceType: string,
  location: string,
  { createdAt, updatedAt }: Omit<Dated<unknown>, 'definition'>,
): Members {
  const [created, lastModified] = [createdAt, updatedAt].map((ms) => toMoment(ms) ?? undefined)
  return { resourceType, ...dropUndefined({ created, lastModified }), location }
}

/** Validates a resource against the schema. @throws ScimError */
export function parseUser(body: Members): Members {
  return parseResource(body, () => new SCIMMY.Schemas.User(body as never, 'in'))
}

/** Validates a resource against the schema. @throws ScimError */
export function parseGroup(body: Members): Members {
  return parseResource(body, () => new SCIMMY.Schemas.Group(body as never, 'in'))
}

function parseResource(body: Members, parse: () => object): Members {
  checkValues(body)
  try {
    return JSON.parse(JSON.stringify(parse())) as Members
  } catch (error) {
    throw fromLibrary(error)
  }
}

/**
 * @param isActive - whether the user is active now. A resource without `active` leaves that unchanged, although RFC 7644
 *   section 3.5.1 allows the default: only `active: true` reactivates a user
 * @returns the user in the terms of the admin API; null means no value
 */
export function readUser(
  resource: Members,
  { attributes, emailDomains }: DirectoryDefinition,
  isActive: boolean,
) {
  const username = readText(resource['userName'], 256)
  if (!isDisplayName(username, 256))
    throw new ScimError(400, 'userName is required, in one line.', 'invalidValue')
  const email = readEmail(resource['emails'])
  const domain = email?.split('@').at(-1)?.toLowerCase()
  const isVerified = emailDomains.some((one) => one.toLowerCase() === domain)
  return {
    username,
    externalId: readText(resource['externalId'], 256) ?? null,
    email: email ?? null,
    emailVerified: isVerified,
    name: toDisplayName(readName(resource), 256) ?? null,
    active: typeof resource['active'] === 'boolean' ? resource['active'] : isActive,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, path]) => [name, readScalar(resource, path) ?? null]),
    ),
  }
}

function readName(resource: Members): string | undefined {
  const { formatted, givenName, familyName } = (resource['name'] ?? {}) as Members
  const parts = [givenName, familyName].flatMap((part) => readText(part, 128) ?? [])
  return (
    readText(resource['displayName'], 256) ??
    readText(formatted, 256) ??
    (parts.length === 0 ? undefined : parts.join(' '))
  )
}

/** The primary address, or else the work address, or else the first. */
function readEmail(emails: unknown): string | undefined {
  if (!Array.isArray(emails)) return undefined
  // PATCH can add null to a list.
  const list: readonly Members[] = emails.filter(isObject)
  const chosen =
    list.find(({ primary }) => primary === true) ?? list.find(({ type }) => type === 'work') ?? list[0]
  const email = readText(chosen?.['value'], 256)
  if (email !== undefined && !isAddress(email))
    throw new ScimError(400, 'The value of emails must be a valid e-mail address.', 'invalidValue')
  return email
}

export function readText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > longest)
    throw new ScimError(400, `A text is longer than ${longest} characters.`, 'invalidValue')
  return value
}

function readScalar(resource: Members, path: string): string | number | boolean | undefined {
  let value: unknown = resource
  for (const name of splitPath(path)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Members)[name]
  }
  if (typeof value === 'string') return readText(value, 1024)
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

function write(resource: Record<string, unknown>, path: string, value: unknown): void {
  const names = splitPath(path)
  let holder = resource
  for (const name of names.slice(0, -1)) {
    const inner = (holder[name] ??= {})
    if (typeof inner !== 'object' || inner === null) return
    holder = inner as Record<string, unknown>
  }
  holder[names.at(-1) ?? path] = value
}

function splitPath(path: string): readonly string[] {
  const colon = path.lastIndexOf(':')
  const urn = path.startsWith('urn:') ? path.slice(0, colon) : ''
  const names = path.slice(colon + 1).split('.')
  return urn === '' || urn === SCHEMA.user ? names : [urn, ...names]
}
