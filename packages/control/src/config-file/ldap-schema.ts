// What an administrator writes down about an LDAP server or Active Directory that users and groups are read from.
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
      .regex(/^ldaps?:\/\/[^\s/?#@]+\/?$/, 'ldaps://HOST or ldap://HOST, with a port where it is another one')
      .describe('The server: `ldaps://HOST`, or `ldap://HOST` with StartTLS.'),
    startTls: zBoolean
      .default(true)
      .describe('true: an `ldap:` connection is encrypted before anything is sent.'),
    ca: z
      .string()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Certificates (PEM) that the server certificate is checked against; the usual ones unless given.',
      ),
    bindDn: zDn.describe('Who reads: an account that may read and nothing else.'),
    bindPassword: z.string().min(1).max(1024).describe('Its password, best from a variable.'),
    kind: z
      .enum(['active-directory', 'openldap'])
      .default('active-directory')
      .describe('Which filters and attributes are meant where none are given.'),
    users: z.strictObject({
      base: zDn.describe('Where users are looked for, with everything below.'),
      filter: zFilter.optional().describe('Which entries are users; by `kind` unless given.'),
      id: zName.optional().describe('Attribute that names a user for good: `objectGUID`, or `entryUUID`.'),
      username: zName.optional().describe('Attribute with the user name: `sAMAccountName`, or `uid`.'),
      email: zName.default('mail').describe('Attribute with the e-mail address.'),
      name: zName.optional().describe('Attribute with the full name: `displayName`, or `cn`.'),
      attributes: z
        .record(z.string().regex(/^[^\s.]{1,64}$/, 'a name without dots'), zName)
        .default({})
        .describe('Attributes of users here and there.'),
    }),
    groups: z
      .strictObject({
        base: zDn.describe('Where groups are looked for, with everything below.'),
        filter: zFilter.optional().describe('Which entries are groups; by `kind` unless given.'),
        name: zName.default('cn').describe('Attribute with the name of a group, which is its id here.'),
      })
      .optional()
      .describe('Groups, by their members and by `memberOf` of users; none are read unless given.'),
    intervalSeconds: zInteger(30, 86_400).default(300).describe('How often it is read, in seconds.'),
    pageSize: zInteger(1, 1000).default(500).describe('Entries in one answer.'),
    timeoutSeconds: zInteger(1, 300).default(30).describe('How long one answer may take, in seconds.'),
    maxEntries: zInteger(1, 100_000)
      .default(50_000)
      .describe('With more users or groups than that, nothing is changed.'),
    maxVanishedPercent: zInteger(0, 100)
      .default(20)
      .describe(
        'How many of its active users or groups may vanish or be disabled in one run; with more, nothing is changed.',
      ),
  })
  .refine(
    ({ url, startTls }) => url.startsWith('ldaps:') || startTls || LOOPBACK.test(url),
    'ldaps, or StartTLS: the password and all users would cross the network in the clear',
  )
export type LdapDefinition = z.infer<typeof zLdap>
