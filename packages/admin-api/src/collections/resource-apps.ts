// Resource apps, with their resources and scopes.
import { zResourceApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

const zResourceAppInput = zResourceApp.meta({ id: 'ResourceAppInput' })
const zResourceAppView = zResourceApp.extend(metaMembers).meta({ id: 'ResourceApp' })

export const resourceApps = {
  input: zResourceAppInput,
  view: zResourceAppView,
  one: 'resource app',
  prefix: 'res',
  path: ['idp', 'resourceApps'],
  readOnly: META,
  access: { see: ALLOWED.seeAccess, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery.extend({
    issuer: z.string().min(1).max(2048).optional().describe('Only resource apps with this issuer.'),
    resource: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('Only resource apps with this resource identifier.'),
  }),
} as const satisfies CollectionShape
