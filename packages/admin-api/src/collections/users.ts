// Users, with their groups; a password is accepted and never returned.
import { zUser } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers, stateMember } from '../schemas/common.ts'
import { type CollectionShape, META_AND_STATE, zGroupFilter, zObjectQuery } from './collection.ts'

// Secrets of authenticator apps come from the file or from enrollment by the user, never from the API.
const zUserInput = zUser
  .omit({ totpSecret: true })
  .extend({
    password: z
      .string()
      .min(1)
      .max(1024)
      .nullable()
      .optional()
      .describe('Stored as an argon2id hash; unchanged if absent, removed by null.'),
  })
  .meta({ id: 'UserInput' })

const zUserView = zUser
  .omit({ password: true, totpSecret: true })
  .extend({
    hasPassword: z.boolean(),
    memberOf: z
      .array(z.string())
      .describe('All groups: `groups` of the user, and groups that list the user.'),
    ...metaMembers,
    ...stateMember,
  })
  .meta({ id: 'User' })

export const users = {
  input: zUserInput,
  inDocument: zUserInput.extend({
    totpSecret: z
      .string()
      .optional()
      .describe(zUser.shape.totpSecret.description ?? ''),
  }),
  view: zUserView,
  one: 'user',
  prefix: 'usr',
  path: ['idp', 'users'],
  readOnly: [...META_AND_STATE, 'hasPassword', 'memberOf'],
  access: { see: ALLOWED.seePeople, create: ALLOWED.changePeople, change: ALLOWED.changePeople },
  query: zObjectQuery.extend({ group: zGroupFilter.describe('Only members of this group.') }),
} as const satisfies CollectionShape
