// Plans the changes for the contents of a directory, or refuses all of them: too many users or groups would vanish.
// Pure.
import type { GroupDefinition } from '@crosswalk/protocol'

import type { Item, UserRecord } from '../definitions/records.ts'
import type { ProvisionedGroup } from '../scim/provision-groups.ts'
import type { Mapped, MappedUser } from './map-entries.ts'

export interface Known {
  readonly users: readonly Item<UserRecord>[]
  readonly groups: readonly Item<GroupDefinition>[]
}

export interface SyncPlan {
  /** Ids of users who vanished or were disabled */
  readonly stop: readonly string[]
  readonly add: readonly MappedUser[]
  readonly update: readonly { readonly item: Item<UserRecord>; readonly user: MappedUser }[]
  readonly addGroups: readonly ProvisionedGroup[]
  readonly updateGroups: readonly { readonly id: string; readonly input: ProvisionedGroup }[]
  readonly removeGroups: readonly string[]
}

export interface SyncLimits {
  readonly groupPrefix: string
  readonly maxVanishedPercent: number
  /** False if the configuration has no groups any more, so that all of them vanish on purpose */
  readonly readsGroups: boolean
}

/** @returns the plan, or a sentence why nothing may change */
export function planSync(known: Known, read: Mapped, limits: SyncLimits): SyncPlan | string {
  const users = new Map(read.users.map((user) => [user.input.externalId, user]))
  const groups = new Map(read.groups.map((group) => [limits.groupPrefix + group.name, group]))
  const active = known.users.filter(({ definition }) => definition.active)
  const stop = active.filter(
    ({ definition }) => users.get(definition.externalId ?? '')?.input.active !== true,
  )
  const filled = known.groups.filter(({ definition }) => definition.members.length > 0)
  const emptied = filled.filter(({ definition }) => (groups.get(definition.id)?.members.length ?? 0) === 0)
  const refusal =
    refuse('users', { before: active.length, gone: stop.length, left: read.users.length, limits }) ??
    (limits.readsGroups
      ? refuse('groups', { before: filled.length, gone: emptied.length, left: read.groups.length, limits })
      : undefined)
  if (refusal !== undefined) return refusal
  const byExternalId = new Map(known.users.map((item) => [item.definition.externalId, item]))
  const stopped = new Set(stop)
  const own = new Map(known.groups.map((item) => [item.definition.id, item.definition]))
  return {
    stop: stop.map(({ definition }) => definition.id),
    add: read.users.filter(({ input }) => input.active && !byExternalId.has(input.externalId)),
    update: read.users.flatMap((user) => {
      const item = byExternalId.get(user.input.externalId)
      if (item === undefined) return []
      const now = stopped.has(item) ? { ...item.definition, active: false } : item.definition
      return isSame(now, user) ? [] : [{ item, user }]
    }),
    addGroups: read.groups.filter(({ name }) => !own.has(limits.groupPrefix + name)),
    updateGroups: read.groups.flatMap((input) => {
      const id = limits.groupPrefix + input.name
      const group = own.get(id)
      return group === undefined || hasSame(group, input) ? [] : [{ id, input }]
    }),
    removeGroups: [...own.keys()].filter((id) => !groups.has(id)),
  }
}

interface Vanishing {
  readonly before: number
  readonly gone: number
  /** Number of entries that were read */
  readonly left: number
  readonly limits: SyncLimits
}

/** One entry may always vanish, so that a small directory can change, but never all of them. */
function refuse(
  what: string,
  { before, gone, left, limits: { maxVanishedPercent } }: Vanishing,
): string | undefined {
  if (before > 0 && left === 0) return `the directory returned no ${what} at all, but ${before} are known`
  const most = Math.max(1, Math.floor((before * maxVanishedPercent) / 100))
  if (gone <= most) return undefined
  return `${gone} of ${before} ${what} would vanish in one run, but maxVanishedPercent is ${maxVanishedPercent}`
}

function isSame(user: UserRecord, { input }: MappedUser): boolean {
  return (
    user.username === input.username &&
    (user.email ?? null) === input.email &&
    user.emailVerified === input.emailVerified &&
    (user.name ?? null) === input.name &&
    user.active === input.active &&
    Object.entries(input.attributes).every(([name, value]) => (user.attributes[name] ?? null) === value)
  )
}

function hasSame(group: GroupDefinition, { name, externalId, members }: ProvisionedGroup): boolean {
  const now = group.members.toSorted()
  return (
    group.name === name &&
    (group.externalId ?? null) === externalId &&
    now.length === members.length &&
    now.every((id, index) => id === members[index])
  )
}
