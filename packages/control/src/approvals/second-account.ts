// Whether the deciding account may be controlled by the user whose request it decides: an administrator can create a
// second account, set another user's password, or give an account its role. Four eyes need two users, not two accounts.
import type { DeciderChange } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectRevision } from '@crosswalk/storage'

import { findRole } from '../definitions/find-role.ts'
import type { Item } from '../definitions/records.ts'
import { type Caller, FILE_TOKEN, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'

type SecondAccountParts = Parts<'configuration' | 'directory' | 'storage'>

interface Wish {
  /** Ids of the users who want the change */
  readonly of: readonly (string | undefined)[]
  /** When they requested it, epoch milliseconds */
  readonly at: number
}

/** What one of these users did to the deciding account. */
export interface SecondAccount {
  /** The latest change made after the request; it bars the account from deciding */
  readonly since: DeciderChange | undefined
  /** For the record: the creation of the account, or else the latest change to it */
  readonly shown: DeciderChange | undefined
}

export async function findSecondAccount(
  parts: SecondAccountParts,
  caller: Caller,
  wish: Wish,
): Promise<SecondAccount> {
  const decider = principalOf(caller)
  const wanting = new Set<string>()
  for (const id of wish.of)
    if (id !== undefined && id !== decider && !(await isOwner(parts, id))) wanting.add(id)
  const changes = wanting.size === 0 ? [] : await listChanges(parts, decider)
  const theirs = changes.filter(({ by }) => wanting.has(by)).sort((a, b) => b.at - a.at)
  return {
    since: describe(theirs.find(({ at }) => at > wish.at)),
    shown: describe(theirs.find(({ what }) => what === 'created') ?? theirs[0]),
  }
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

function describe(change: Change | undefined): DeciderChange | undefined {
  return change && { ...change, at: new Date(change.at).toISOString() }
}

/** Changes to the user, and to their membership of groups that carry a role. */
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
  ]
}

function hasMember(revision: ObjectRevision | undefined, user: string): boolean {
  const { members } = (revision?.body ?? {}) as { readonly members?: readonly string[] }
  return members?.includes(user) ?? false
}

/** @returns a description of the change, addressed to the deciding user */
export function renderDeciderChange({ what, by, group = '' }: DeciderChange): string {
  const done = {
    created: 'created your account',
    changed: 'changed your account',
    joined: `added you to ${group}`,
  }
  return `${by} ${done[what]}`
}

/** @returns why the account cannot decide about a connection that its definer could control, undefined if it can */
export async function findSecondDefiner(
  parts: SecondAccountParts,
  caller: Caller,
  { updatedBy, updatedAt = 0 }: Pick<Item<ConnectionDefinition>, 'updatedBy' | 'updatedAt'>,
): Promise<string | undefined> {
  const { since } = await findSecondAccount(parts, caller, { of: [updatedBy], at: updatedAt })
  return since && `${renderDeciderChange(since)} after defining this connection`
}
