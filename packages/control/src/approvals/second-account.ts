// Whether the deciding account may be controlled by the user whose request it decides: an administrator can create a
// second account, set another user's password, or give an account its role, also through accounts taken over before.
// Four eyes need two users, not two accounts.
import type { DeciderChange } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectRevision } from '@crosswalk/storage'

import { findRole } from '../definitions/find-role.ts'
import type { Item } from '../definitions/records.ts'
import { type Caller, FILE_TOKEN, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'

type SecondAccountParts = Parts<'configuration' | 'directory' | 'storage'>

interface ChangeRequest {
  /** Ids of the users who want the change */
  readonly of: readonly (string | undefined)[]
  /** When they requested it, epoch milliseconds */
  readonly at: number
}

/** A change to an account. */
interface AccountChange extends DeciderChange {
  /** What the user did before to the account that made the change; absent if they made it with their own */
  readonly through?: AccountChange
}

/** What one of these users did to the deciding account. */
export interface SecondAccount {
  /** The latest change made after the request, also through further accounts; it bars the account from deciding */
  readonly since: AccountChange | undefined
  /** For the record: the creation of the account, or else the latest change to it */
  readonly shown: DeciderChange | undefined
}

export async function findSecondAccount(
  parts: SecondAccountParts,
  caller: Pick<Caller, 'id' | 'principal'>,
  request: ChangeRequest,
): Promise<SecondAccount> {
  const decider = principalOf(caller)
  const wanting = new Set<string>()
  for (const id of request.of)
    if (id !== undefined && id !== decider && !(await isOwner(parts, id))) wanting.add(id)
  if (wanting.size === 0) return { since: undefined, shown: undefined }
  const theirs = (await listChanges(parts, decider)).filter(({ by }) => wanting.has(by))
  const shown = theirs.find(({ what }) => what === 'created') ?? theirs[0]
  return {
    since: await findTakeover(parts, { account: decider, after: request.at, before: Infinity }, wanting),
    shown: shown && describe(shown),
  }
}

interface TakenOver {
  readonly account: string
  /** Both epoch milliseconds */
  readonly after: number
  readonly before: number
}

/**
 * @param seen - per account, the latest `before` that was searched
 * @returns the latest change in this time by one of these users, or by an account that they had taken over until then
 */
async function findTakeover(
  parts: SecondAccountParts,
  { account, after, before }: TakenOver,
  wanting: ReadonlySet<string>,
  seen: Map<string, number> = new Map(),
): Promise<AccountChange | undefined> {
  if ((seen.get(account) ?? -Infinity) >= before) return undefined
  seen.set(account, before)
  const changes = await listChanges(parts, account)
  for (const change of changes.filter(({ at }) => at > after && at <= before)) {
    const made = describe(change)
    if (wanting.has(change.by)) return made
    const by = { account: change.by, after, before: change.at }
    const through = await findTakeover(parts, by, wanting, seen)
    if (through !== undefined) return { ...made, through }
  }
  return undefined
}

/** An owner may decide their own requests. */
async function isOwner({ configuration, directory }: SecondAccountParts, id: string): Promise<boolean> {
  const user = await directory.current().users.findById(id)
  // A user id may equal the id that represents the token from the file.
  if (user === undefined) return id === FILE_TOKEN
  return findRole(configuration.admin?.roles ?? {}, user)?.role === 'owner'
}

interface Change extends Omit<DeciderChange, 'at'> {
  readonly at: number
}

function describe(change: Change): DeciderChange {
  return { ...change, at: new Date(change.at).toISOString() }
}

/** Changes to the user, and to their membership of groups that carry a role, newest first. */
async function listChanges(
  { configuration, storage }: SecondAccountParts,
  decider: string,
): Promise<readonly Change[]> {
  const ofUser = await storage.objects.history('users', decider)
  const roles = Object.values(configuration.admin?.roles ?? {})
  const groups = [...new Set(roles.flatMap((holders) => holders?.groups ?? []))]
  const ofGroups = await Promise.all(
    groups.map(async (group) => {
      const history = await storage.objects.history('groups', group)
      return history.flatMap((revision, index): readonly Change[] =>
        hasMember(revision, decider) && !hasMember(history[index + 1], decider)
          ? [{ what: 'joined', group, by: revision.by, at: revision.at }]
          : [],
      )
    }),
  )
  const wasThere = (index: number) => ofUser[index + 1]?.body !== undefined
  return [
    ...ofUser.map(
      ({ by, at }, index) => ({ what: wasThere(index) ? 'changed' : 'created', by, at }) as const,
    ),
    ...ofGroups.flat(),
  ].sort((a, b) => b.at - a.at)
}

function hasMember(revision: ObjectRevision | undefined, user: string): boolean {
  const { members } = (revision?.body ?? {}) as { readonly members?: readonly string[] }
  return members?.includes(user) ?? false
}

/** @returns a description of the change, addressed to the deciding user, who is also the default for `account` */
export function renderDeciderChange(
  { what, by, group = '', through }: AccountChange,
  account?: string,
): string {
  const done = {
    created: `created ${account ?? 'your account'}`,
    changed: `changed ${account ?? 'your account'}`,
    joined: `added ${account ?? 'you'} to ${group}`,
  }
  const who = through === undefined ? by : `${renderDeciderChange(through, by)}, who`
  return `${who} ${done[what]}`
}

/**
 * @returns why the account cannot decide about a connection, undefined if it can: its definer may control the account, or
 *   the other way round, if the deciding user defined the connection before
 */
export async function findSecondDefiner(
  parts: SecondAccountParts,
  caller: Caller,
  {
    definition: { id },
    updatedBy,
    updatedAt = 0,
  }: Pick<Item<ConnectionDefinition>, 'definition' | 'updatedBy' | 'updatedAt'>,
): Promise<string | undefined> {
  if (updatedBy === undefined) return undefined
  const { since } = await findSecondAccount(parts, caller, { of: [updatedBy], at: updatedAt })
  if (since !== undefined) return `${renderDeciderChange(since)} after defining this connection`
  const decider = principalOf(caller)
  const history = await parts.storage.objects.history('connections', id)
  const own = history.findLast(({ by }) => by === decider)
  if (own === undefined) return undefined
  const definer = await findSecondAccount(parts, { id: updatedBy }, { of: [decider], at: own.at })
  return definer.since && `${renderDeciderChange(definer.since, updatedBy)}, who defined this connection`
}
