// Indexes which groups list a user as a member.
import type { Items } from './records.ts'
import { findDifferences, patchMap } from './shared-map.ts'

/** Ids of groups, in order, by user id */
export type Memberships = ReadonlyMap<string, readonly string[]>

export function listMemberships(groups: Items['groups']): Memberships {
  const listed = new Map<string, string[]>()
  for (const { definition } of groups.values())
    for (const member of definition.members) {
      const known = listed.get(member)
      if (known === undefined) listed.set(member, [definition.id])
      else known.push(definition.id)
    }
  return listed
}

/** @returns the same as `listMemberships` now, from the earlier result: only members of changed groups are read */
export function updateMemberships(
  earlier: Memberships,
  before: Items['groups'],
  now: Items['groups'],
): Memberships {
  if (before === now) return earlier
  const places = new Map([...now.keys()].map((id, place) => [id, place]))
  const byPlace = (one: string, other: string) => (places.get(one) ?? 0) - (places.get(other) ?? 0)
  const changed = new Map<string, readonly string[]>()
  const groupsOf = (user: string) => changed.get(user) ?? earlier.get(user) ?? []
  for (const id of findDifferences(before, now)) {
    const was = new Set(before.get(id)?.definition.members)
    const is = new Set(now.get(id)?.definition.members)
    for (const user of was)
      if (!is.has(user))
        changed.set(
          user,
          groupsOf(user).filter((one) => one !== id),
        )
    for (const user of is) if (!was.has(user)) changed.set(user, [...groupsOf(user), id].sort(byPlace))
  }
  return patchMap(
    earlier,
    [...changed].map(([user, groups]) => [user, groups.length === 0 ? undefined : groups] as const),
  )
}

/** @returns ids of the users who joined or left one of the groups */
export function listMembershipChanges(
  before: Items['groups'],
  now: Items['groups'],
  among: ReadonlySet<string>,
): readonly string[] {
  const listOf = (groups: Items['groups'], id: string) => new Set(groups.get(id)?.definition.members)
  return [...among].flatMap((group) => {
    const [was, is] = [listOf(before, group), listOf(now, group)]
    return [...[...was].filter((id) => !is.has(id)), ...[...is].filter((id) => !was.has(id))]
  })
}
