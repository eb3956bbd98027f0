// Turns what a directory provisions about a user into a change, whether by SCIM or LDAP. A deactivated user loses
// sessions and live tokens before this returns, as after the same change by an administrator.
import type { GroupDefinition } from '@crosswalk/protocol'

import type { Item, UserRecord } from '../definitions/records.ts'
import { createObject, deleteObject } from '../objects/write-objects.ts'
import { removeMember } from '../objects/remove-member.ts'
import {
  buildContext,
  changeProvisioned,
  listOwn,
  orThrow,
  type Provider,
  readInput,
} from './scim-context.ts'
import { fromProblem, ScimError } from './scim-error.ts'

/** In the terms of the admin API; null means no value. */
export interface ProvisionedUser {
  readonly username: string
  readonly externalId: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string | null
  readonly active: boolean
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>
}

/** @throws ScimError */
export async function addUser(provider: Provider, id: string, provisioned: ProvisionedUser): Promise<void> {
  const { parts, directory } = provider
  await refuseTaken(provider, provisioned, undefined)
  const { externalId, email, name, attributes, ...rest } = provisioned
  const input = readInput('users', {
    ...rest,
    id,
    directory: directory.id,
    ...omitNull({ externalId, email, name }),
    attributes: omitNull(attributes),
    groups: [],
  })
  const context = buildContext(provider)
  orThrow(await createObject({ parts, context, collection: 'users' }, input))
}

/** @throws ScimError */
export async function updateUser(
  provider: Provider,
  { definition }: Item<UserRecord>,
  provisioned: ProvisionedUser,
): Promise<void> {
  await refuseTaken(provider, provisioned, definition.id)
  await changeProvisioned(provider, 'users', definition.id, { ...provisioned })
}

/** Sends only `active`, so that no other value can cause a refusal. @throws ScimError */
export function deactivateUser(provider: Provider, id: string): Promise<void> {
  return changeProvisioned(provider, 'users', id, { active: false })
}

/** Deactivates the user first, so that no access remains if the deletion is refused. @throws ScimError */
export async function removeUser(provider: Provider, { definition }: Item<UserRecord>): Promise<void> {
  const { parts } = provider
  const { id } = definition
  const context = buildContext(provider)
  if (definition.active) await deactivateUser(provider, id)
  // Other nodes may change the groups, or refer to the user, after the first change.
  const { judgeAndWrite } = parts.directory
  while (await judgeAndWrite(() => removeMemberships(provider, id)));
  orThrow(await judgeAndWrite(() => deleteObject({ parts, context, collection: 'users' }, id)))
}

/** Each group is stored with all its members: more in one transaction would keep other requests waiting. */
const MEMBERS_AT_ONCE = 100_000

/** @returns whether the user may be in more groups */
async function removeMemberships(provider: Provider, id: string): Promise<boolean> {
  const { parts } = provider
  const own = listOwn(parts.directory.current().world.groups, provider)
  const groups = own.flatMap(({ definition }) => (definition.members.includes(id) ? [definition] : []))
  if (groups.length === 0) return false
  const some = takeGroups(groups, MEMBERS_AT_ONCE)
  const refusal = await removeMember({ parts, context: buildContext(provider) }, id, some)
  if (refusal !== undefined) throw fromProblem(refusal)
  return some.length < groups.length
}

/** @returns ids of the first groups with at most this many members in total; at least one group */
export function takeGroups(
  groups: readonly Pick<GroupDefinition, 'id' | 'members'>[],
  most: number,
): readonly string[] {
  const some: string[] = []
  let members = 0
  for (const group of groups) {
    members += group.members.length
    if (some.length > 0 && members > most) break
    some.push(group.id)
  }
  return some
}

/**
 * Before the check of all objects, which would name a user that the directory may not see.
 *
 * @throws ScimError if another user, whatever its source, can sign in with the user name or address
 */
async function refuseTaken(
  { parts }: Provider,
  { username, email }: Pick<ProvisionedUser, 'username' | 'email'>,
  own: string | undefined,
): Promise<void> {
  const { users } = parts.directory.current()
  const named = await Promise.all([username, email ?? username].map((name) => users.findByName(name)))
  if (named.flat().some(({ id }) => id !== own))
    throw new ScimError(409, 'The userName or e-mail address is already used.', 'uniqueness')
}

function omitNull(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}
