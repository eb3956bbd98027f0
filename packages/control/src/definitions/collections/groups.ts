// Groups: referred to by name, in assignments and policies.
import { zGroup } from '@crosswalk/protocol'

import type { ControlledCollection } from './collection.ts'
import { findAssigned, findPolicies } from './references.ts'

export const groups: ControlledCollection<'groups'> = {
  stored: zGroup,
  event: { kind: 'group', category: 'people' },
  showRelations: async ({ id }, { users }) => ({ memberCount: await users.countMembers(id) }),
  findReferrers: (items, id) => [
    ...findAssigned(items, ({ groups }) => groups.includes(id)),
    ...findPolicies(items, 'group', id),
  ],
}
