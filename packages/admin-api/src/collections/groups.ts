// Groups, with their members.
import { zGroup } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

const zGroupInput = zGroup.meta({ id: 'GroupInput' })

const zGroupView = zGroupInput
  .extend({
    members: z.array(z.string()).describe('Ids of users listed in the group itself.'),
    memberCount: z.int().describe('Number of users in the group, through its own list or theirs.'),
    ...metaMembers,
  })
  .meta({ id: 'Group' })

export const groups = {
  input: zGroupInput,
  view: zGroupView,
  one: 'group',
  prefix: 'grp',
  path: ['idp', 'groups'],
  readOnly: [...META, 'memberCount'],
  access: { see: ALLOWED.seePeople, create: ALLOWED.changePeople, change: ALLOWED.changePeople },
  query: zObjectQuery,
} as const satisfies CollectionShape
