// What the registry says of one collection of objects. A new collection is a file here and a line in `registry.ts`; the
// control plane says in its own registry how objects are stored and shown.
import { z } from 'zod'

import type { Role } from '../roles.ts'
import { idsQuery, metaMembers, pageQuery, stateMember, zOwner } from '../schemas/common.ts'

export interface CollectionShape {
  /** What is sent */
  readonly input: z.ZodType
  /** What a configuration document may hold, where that is more */
  readonly inDocument?: z.ZodType
  /** What is shown */
  readonly view: z.ZodObject
  /** One object, in words */
  readonly one: string
  /** Of ids that are made for objects */
  readonly prefix: string
  /** Where its objects stand in a configuration document */
  readonly path: readonly ['idp', string] | readonly [string]
  /** Members that are shown and cannot be set; ignored where they are sent back */
  readonly readOnly: readonly string[]
  readonly access: {
    readonly see: readonly Role[]
    readonly create: readonly Role[]
    readonly change: readonly Role[]
  }
  /** What its list may be filtered by */
  readonly query: z.ZodObject
}

export const META = Object.keys(metaMembers)
/** Of collections whose objects can be suspended */
export const META_AND_STATE = [...META, ...Object.keys(stateMember)]

export const zObjectQuery = z.strictObject({
  ...pageQuery,
  ids: idsQuery,
  q: z.string().max(256).optional().describe('Text in the id, name, user name or e-mail address.'),
  owner: zOwner.optional(),
  status: z
    .string()
    .max(64)
    .optional()
    .describe(
      'Of a connection its `status`, of a policy its `state`, else `active` or `inactive`; or `suspended`, `revoked`.',
    ),
})

export const zGroupFilter = z.string().min(1).max(256).optional()
