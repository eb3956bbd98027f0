// Configuration of an LDAP server or Active Directory that users and groups are read from.
import { zBoolean, zInteger } from '@crosswalk/protocol'
import { z } from 'zod'

const zName = z.string().regex(/^[A-Za-z][A-Za-z0-9;-]{0,63}$/, 'the name of an LDAP attribute')
const LOOPBACK = /^ldap:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/
const zDn = z.string().min(1).max(1024)
const zFilter = z
  .string()
  .min(3)
  .max(2048)
  .regex(/^\(.*\)$/s, 'an LDAP filter in parentheses, such as (objectClass=user)')

export const zLdap = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^ldaps?:\/\/[^\s/?#@]+\/?$/,
        'ldaps://HOST or ldap://HOST, with the port if it is not the default',
      )
      .describe('The server: `ldaps://HOST`, or `ldap://HOST` with StartTLS.'),
    startTls: zBoolean
      .default(true)
      .describe('true: an `ldap:` connection is encrypted before any data is sent.'),
    ca: z
      .string()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Certificates (PEM) to verify the server certificate; the system defaults if omitted.'),
    bindDn: zDn.describe('DN of the account that reads; it should have read access only.'),
    bindPassword: z.string().min(1).max(1024).describe('Its password, preferably from a variable.'),
    kind: z
      .enum(['active-directory', 'openldap'])
      .default('active-directory')
      .describe('Which default filters and attributes to use.'),
    users: z.strictObject({
      base: zDn.describe('Base DN for the search for users, including its subtree.'),
      filter: zFilter.optional().describe('Which entries are users; default depends on `kind`.'),
      id: zName
        .optional()
        .describe('Attribute with the permanent id of a user: `objectGUID`, or `entryUUID`.'),
      username: zName.optional().describe('Attribute with the user name: `sAMAccountName`, or `uid`.'),
      email: zName.default('mail').describe('Attribute with the e-mail address.'),
      name: zName.optional().describe('Attribute with the full name: `displayName`, or `cn`.'),
      attributes: z
        .record(z.string().regex(/^[^\s.]{1,64}$/, 'a name without dots'), zName)
        .default({})
        .describe('Maps attributes of users here to LDAP attributes.'),
    }),
    groups: z
      .strictObject({
        base: zDn.describe('Base DN for the search for groups, including its subtree.'),
        filter: zFilter.optional().describe('Which entries are groups; default depends on `kind`.'),
        name: zName.default('cn').describe('Attribute with the name of a group, which is its id here.'),
      })
      .optional()
      .describe('Groups, by their members and by `memberOf` of users; not read by default.'),
    intervalSeconds: zInteger(30, 86_400)
      .default(300)
      .describe('How often the directory is read, in seconds.'),
    pageSize: zInteger(1, 1000).default(500).describe('Entries per response page.'),
    timeoutSeconds: zInteger(1, 300).default(30).describe('Timeout for one response, in seconds.'),
    maxEntries: zInteger(1, 100_000)
      .default(50_000)
      .describe('Maximum number of users or groups; with more, no changes are made.'),
    maxVanishedPercent: zInteger(0, 100)
      .default(20)
      .describe(
        'Share of active users or groups that may vanish or be disabled in one run; with more, no changes are made.',
      ),
  })
  .refine(
    ({ url, startTls }) => url.startsWith('ldaps:') || startTls || LOOPBACK.test(url),
    'ldaps, or StartTLS: the password and all users would cross the network in the clear',
  )
export type LdapDefinition = z.infer<typeof zLdap>
