// Configuration of a directory that provisions users and groups: by SCIM 2.0, or read by LDAP.
import { zId, zDisplayName } from '@crosswalk/protocol'
import { z } from 'zod'

import { zLdap } from './ldap-schema.ts'
import { zDirectoryRole } from './provider-schema.ts'

/** `title`, `name.givenName`, `externalId`, or an attribute of the enterprise extension by its URN. */
const zScimPath = z
  .string()
  .regex(
    /^(urn:ietf:params:scim:schemas:[\w:.-]+:)?[A-Za-z]\w{0,63}(\.[A-Za-z]\w{0,63})?$/,
    'a SCIM attribute: title, name.givenName, externalId, or one prefixed with the URN of its schema',
  )

const zToken = z.string().min(32).max(1024)

const zDirectoryMembers = z.strictObject({
  id: zId.describe('Id; users and groups of the directory carry it as `directory`.'),
  name: zDisplayName(256).min(1).optional().describe('Name shown to administrators.'),
  token: z
    .union([zToken, z.array(zToken).min(1).max(2)])
    .optional()
    .describe(
      'For SCIM: bearer token of the directory, 32 characters or more, best from a variable; two during rotation.',
    ),
  ldap: zLdap.optional().describe('Reads the directory by LDAP instead, and never writes to it.'),
  attributes: z
    .record(z.string().regex(/^[^\s.]{1,64}$/, 'a name without dots'), zScimPath)
    .default({ givenName: 'name.givenName', familyName: 'name.familyName' })
    .describe('For SCIM: maps attributes of users here to attributes of the directory.'),
  emailDomains: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe('Addresses of these domains count as verified.'),
  groupPrefix: z
    .string()
    .max(64)
    .regex(/^[^\p{Cc}/]*$/u, 'text without control characters and slashes')
    .default('')
    .describe('Prefix for the names of its groups, so that two directories cannot fill the same group.'),
  role: zDirectoryRole,
})
export const zDirectory = zDirectoryMembers.refine(
  ({ token, ldap }) => (token === undefined) !== (ldap === undefined),
  'exactly one of token (SCIM) and ldap',
)
export type DirectoryDefinition = z.infer<typeof zDirectory>
