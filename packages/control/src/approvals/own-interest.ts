// Whether users would decide about their own access, in a review or about an access request. Not allowed for any role.
import type { AccessRequest } from '@crosswalk/admin-api'
import { findAssignment } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { Item } from '../definitions/records.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import { type Caller, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { describeHeld } from './scope-approval-records.ts'
import { findSecondDefiner } from './second-account.ts'

/** @returns why the caller has an interest, undefined if they have none */
export async function findOwnInterest(
  parts: Parts<'directory'>,
  item: Item<ConnectionDefinition>,
  caller: Caller,
): Promise<string | undefined> {
  const { world, users } = parts.directory.current()
  const { definition } = item
  const responsibility = findResponsibility(world, item, caller)
  if (responsibility !== undefined) return responsibility
  const user = await users.findById(principalOf(caller))
  const via = user === undefined ? undefined : findAssignment(definition.assignments, user)
  const isGranted = [...world.accessGrants.values()].some(
    (grant) =>
      grant.state === 'active' && grant.connection === definition.id && grant.user === principalOf(caller),
  )
  if (isGranted) return 'you have this access yourself'
  // If all users have access, every reviewer has it too.
  return via === undefined || via === 'everyone' ? undefined : 'you have this access yourself'
}

/** An owner may approve what they defined themselves: they may be the only administrator. */
export function exemptOwner<T>({ updatedBy, ...item }: Item<T>, { role }: Caller): Item<T> {
  return role === 'owner' || updatedBy === undefined ? item : { ...item, updatedBy }
}

/** @returns why the caller is responsible for a connection, undefined if they are not */
export function findResponsibility(
  world: CompiledWorld['world'],
  { definition: { app }, updatedBy }: Item<ConnectionDefinition>,
  caller: Caller,
): string | undefined {
  const id = principalOf(caller)
  if (updatedBy === id) return 'you defined this connection'
  if (ownsApp(world, app, id)) return OWNS_APP
  return caller.apps?.includes(app) === true ? 'your role covers the app' : undefined
}

/** @returns why the caller cannot approve these scopes of the connection as one of its definers */
export async function findDefinerConflict(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  item: Item<ConnectionDefinition>,
  { scopes, caller }: { readonly scopes: readonly string[]; readonly caller: Caller },
): Promise<string | undefined> {
  const { world } = parts.directory.current()
  for (const defined of [item, ...(await listScopeAuthors(parts, item, scopes))]) {
    const conflict =
      findResponsibility(world, exemptOwner(defined, caller), caller) ??
      (await findSecondDefiner(parts, caller, defined))
    if (conflict !== undefined) return conflict
  }
  return undefined
}

/**
 * A later edit by another user, perhaps about something else, does not make those who added a scope independent.
 *
 * @returns the connection as of each user who added one of these scopes
 */
async function listScopeAuthors(
  { storage }: Parts<'storage'>,
  item: Item<ConnectionDefinition>,
  scopes: readonly string[],
): Promise<readonly Item<ConnectionDefinition>[]> {
  if (item.owner === 'file') return []
  const { id, app, resourceApp } = item.definition
  const history = await storage.objects.history('connections', id)
  const hasScope = (body: unknown, scope: string) => {
    const before = (body ?? {}) as Partial<ConnectionDefinition>
    return before.app === app && before.resourceApp === resourceApp && before.scopes?.includes(scope) === true
  }
  const added = scopes.map((scope) =>
    history.findIndex((_, index) => !hasScope(history[index + 1]?.body, scope)),
  )
  return [...new Set(added)].flatMap((index) => {
    const { by, at } = history[index] ?? {}
    return by === undefined || at === undefined ? [] : [{ ...item, updatedBy: by, updatedAt: at }]
  })
}

/**
 * A grant also approves, for its user, the scopes that need approval. The user who defined the connection cannot
 * approve them.
 *
 * @returns why the caller cannot grant these scopes, undefined if they can
 */
export async function findApprovalConflict(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  connection: Pick<ConnectionDefinition, 'id' | 'app' | 'resourceApp'>,
  { scopes, caller }: { readonly scopes: readonly string[]; readonly caller: Caller },
): Promise<string | undefined> {
  const { world } = parts.directory.current()
  const item = world.connections.get(connection.id)
  const held = describeHeld(parts, connection, scopes)
  if (item === undefined || held.length === 0) return undefined
  const responsibility = await findDefinerConflict(parts, item, {
    scopes: held.map(({ scope }) => scope),
    caller,
  })
  return responsibility === undefined
    ? undefined
    : `${held.map(({ scope }) => scope).join(' ')} needs approval, and ${responsibility}`
}

/**
 * For an access request.
 *
 * @param name - how to call the caller; addressed as `you` by default
 * @returns why the caller has an interest, undefined if they have none
 */
export function findOwnRequest(
  { directory }: Parts<'directory'>,
  { user, app }: Pick<AccessRequest, 'user' | 'app'>,
  caller: Pick<Caller, 'id' | 'principal'>,
  name?: string,
): string | undefined {
  const id = principalOf(caller)
  if (user === id) return `the access is for ${name ?? 'you'}`
  if (!ownsApp(directory.current().world, app, id)) return undefined
  return name === undefined ? OWNS_APP : `${name} owns the app`
}

const OWNS_APP = 'you own the app'

function ownsApp({ apps }: CompiledWorld['world'], app: string, user: string): boolean {
  return apps.get(app)?.definition.owners.includes(user) ?? false
}
