// Connections, with their state and the approvals of their scopes.
import { zConnection } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers, stateMember } from '../schemas/common.ts'
import { approvalsMember } from '../schemas/scope-state.ts'
import { type CollectionShape, META_AND_STATE, zGroupFilter, zObjectQuery } from './collection.ts'

const zConnectionInput = zConnection.meta({ id: 'ConnectionInput' })
export const zConnectionView = zConnection
  .extend({ ...metaMembers, ...stateMember, ...approvalsMember })
  .meta({ id: 'Connection' })

export const connections = {
  input: zConnectionInput,
  view: zConnectionView,
  one: 'connection',
  prefix: 'con',
  path: ['idp', 'connections'],
  readOnly: [...META_AND_STATE, ...Object.keys(approvalsMember)],
  access: { see: ALLOWED.seeAccess, create: ALLOWED.changeConnections, change: ALLOWED.changeConnections },
  query: zObjectQuery.extend({
    app: z.string().min(1).max(512).optional().describe('Id of the requesting app.'),
    resourceApp: z.string().min(1).max(256).optional().describe('Id of the resource app.'),
    group: zGroupFilter.describe('Only connections that this group is assigned to.'),
  }),
} as const satisfies CollectionShape
