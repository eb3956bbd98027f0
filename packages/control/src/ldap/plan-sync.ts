// Plans the changes for the contents of a directory, or refuses all of them: too many users or groups would vanish.
// Pure, with turns for other work, because there may be a hundred thousand.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inTurns } from '@crosswalk/as-core'
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
export async function planSync(known: Known, read: Mapped, limits: SyncLimits): Promise<SyncPlan | string> {
  const users = await planUsers(known.users, read.users, limits)
  if (typeof users === 'string') return users
  const groups = await planGroups(known.groups, read.groups, limits)
  return typeof groups === 'string' ? groups : { ...users, ...groups }
}

async function planUsers(
  known: Known['users'],
  read: Mapped['users'],
  limits: SyncLimits,
): Promise<Pick<SyncPlan, 'stop' | 'add' | 'update'> | string> {
  const listed = new Map<string, MappedUser>()
  for await (const user of inTurns(read)) listed.set(user.input.externalId, user)
  const byExternalId = new Map<string | undefined, Item<UserRecord>>()
  const stopped = new Set<Item<UserRecord>>()
  let active = 0
  for await (const item of inTurns(known)) {
    const { externalId, active: isActive } = item.definition
    byExternalId.set(externalId, item)
    if (!isActive) continue
    active += 1
    if (listed.get(externalId ?? '')?.input.active !== true) stopped.add(item)
  }
  const refusal = refuse('users', { before: active, gone: stopped.size, left: read.length, limits })
  if (refusal !== undefined) return refusal
  const add: MappedUser[] = []
  const update: SyncPlan['update'][number][] = []
  for await (const user of inTurns(read)) {
    const item = byExternalId.get(user.input.externalId)
    if (item === undefined) {
      if (user.input.active) add.push(user)
      continue
    }
    const now = stopped.has(item) ? { ...item.definition, active: false } : item.definition
    if (!isSame(now, user)) update.push({ item, user })
  }
  return { stop: [...stopped].map(({ definition }) => definition.id), add, update }
}

async function planGroups(
  known: Known['groups'],
  read: Mapped['groups'],
  limits: SyncLimits,
): Promise<Pick<SyncPlan, 'addGroups' | 'updateGroups' | 'removeGroups'> | string> {
  const groups = new Map(read.map((group) => [limits.groupPrefix + group.name, group]))
  const filled = known.filter(({ definition }) => definition.members.length > 0)
  const emptied = filled.filter(({ definition }) => (groups.get(definition.id)?.members.length ?? 0) === 0)
  const refusal = limits.readsGroups
    ? refuse('groups', { before: filled.length, gone: emptied.length, left: read.length, limits })
    : undefined
  if (refusal !== undefined) return refusal
  const own = new Map(known.map((item) => [item.definition.id, item.definition]))
  const updateGroups: SyncPlan['updateGroups'][number][] = []
  for (const [id, input] of groups) {
    const group = own.get(id)
    // Before each: a group may contain most users.
    await nextTurn()
    if (group !== undefined && !hasSame(group, input)) updateGroups.push({ id, input })
  }
  return {
    addGroups: read.filter(({ name }) => !own.has(limits.groupPrefix + name)),
    updateGroups,
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
