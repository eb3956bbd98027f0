// Requesting apps: a secret is accepted or created, and never returned later.
import { zApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { zClientAuthInput, zClientAuthView } from '../schemas/client-auth.ts'
import { metaMembers, stateMember } from '../schemas/common.ts'
import { type CollectionShape, META_AND_STATE, zObjectQuery } from './collection.ts'

const zAppInput = zApp.extend({ auth: zClientAuthInput }).meta({ id: 'AppInput' })
const zAppView = zApp
  .extend({
    auth: zClientAuthView,
    activeOwners: z.array(z.string()).describe('Ids of the owners who are active users.'),
    ...metaMembers,
    ...stateMember,
  })
  .meta({ id: 'App' })

export const apps = {
  input: zAppInput,
  view: zAppView,
  one: 'app',
  prefix: 'app',
  path: ['idp', 'apps'],
  readOnly: [...META_AND_STATE, 'activeOwners'],
  access: { see: ALLOWED.seeAccess, create: ALLOWED.changeRules, change: ALLOWED.changeApp },
  query: zObjectQuery.extend({ kind: zApp.shape.kind.optional().describe('Only apps of this kind.') }),
} as const satisfies CollectionShape
