// Users as the IdP sees them, derived from their definitions. A hundred thousand of them are not kept a second time.
import type { User } from '@crosswalk/idp'

import { holdId, type UserRecord, type World } from './records.ts'
import { DerivedMap } from './shared-map.ts'

/** What makes users what they are here. */
export type UserSources = Pick<World, 'users' | 'groups' | 'holds'>

/** Ids of the groups that list a user as a member, by the id of the user */
type Listed = ReadonlyMap<string, readonly string[]>

/** Derives each user when asked for: with every group they are in from either side, inactive while suspended. */
export class DerivedUsers extends DerivedMap<User> {
  private readonly sources: UserSources
  private readonly listed: Listed

  constructor(sources: UserSources, listed: Listed) {
    super()
    this.sources = sources
    this.listed = listed
  }

  get size(): number {
    return this.sources.users.size
  }

  get(id: string): User | undefined {
    const item = this.sources.users.get(id)
    return item && this.derive(item.definition)
  }

  has(id: string): boolean {
    return this.sources.users.has(id)
  }

  protected listKeys(): readonly string[] {
    return [...this.sources.users.keys()]
  }

  private derive({ hasPassword: _, passwordSetAt: __, ...user }: UserRecord): User {
    return {
      ...user,
      groups: groupsOf(user, this.listed),
      active: user.active && !this.sources.holds.has(holdId('user', user.id)),
    }
  }
}

export function groupsOf({ id, groups }: Pick<User, 'id' | 'groups'>, listed: Listed): string[] {
  return [...new Set([...groups, ...(listed.get(id) ?? [])])]
}
