// Indexes which groups list a user as a member.
import type { Items } from './records.ts'

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
