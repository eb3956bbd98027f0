// The registry entry of a collection of objects. A new collection needs a file here and a line in `registry.ts`; how its
// objects are stored and shown is defined in the registry of the control plane.
import { z } from 'zod'

import type { Role } from '../roles.ts'
import { idsQuery, metaMembers, pageQuery, stateMember, zOwner } from '../schemas/common.ts'

export interface CollectionShape {
  /** Schema of requests */
  readonly input: z.ZodType
  /** Schema in configuration documents, if it has more members */
  readonly inDocument?: z.ZodType
  /** Schema of responses */
  readonly view: z.ZodObject
  /** Name of a single object */
  readonly one: string
  /** Prefix of generated ids */
  readonly prefix: string
  /** Path of its section in a configuration document */
  readonly path: readonly ['idp', string] | readonly [string]
  /** Members that are shown but cannot be set; ignored in requests */
  readonly readOnly: readonly string[]
  readonly access: {
    readonly see: readonly Role[]
    readonly create: readonly Role[]
    readonly change: readonly Role[]
  }
  /** Filters of its list */
  readonly query: z.ZodObject
}

/** `an app`, `a user` */
export function nameOne({ one }: Pick<CollectionShape, 'one'>): string {
  return `${/^[aeio]/.test(one) ? 'an' : 'a'} ${one}`
}

export const META = Object.keys(metaMembers)
/** For collections whose objects can be suspended */
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
      '`status` of a connection, `state` of a policy, otherwise `active` or `inactive`; or `suspended`, `revoked`.',
    ),
})

export const zGroupFilter = z.string().min(1).max(256).optional()
