// Default filters and attributes for each kind of server. Pure.
import type { LdapDefinition } from '../config-file/ldap-schema.ts'

const KINDS = {
  'active-directory': {
    users: '(&(objectCategory=person)(objectClass=user))',
    id: 'objectGUID',
    username: 'sAMAccountName',
    name: 'displayName',
    groups: '(objectClass=group)',
  },
  openldap: {
    users: '(objectClass=inetOrgPerson)',
    id: 'entryUUID',
    username: 'uid',
    name: 'cn',
    groups: '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))',
  },
} as const satisfies Record<LdapDefinition['kind'], object>

/** Flags that tell disabled accounts in Active Directory; other servers may have the attribute, too. */
export const ACCOUNT_CONTROL = 'userAccountControl'
export const MEMBER_OF = 'memberOf'
export const MEMBERS = ['member', 'uniqueMember'] as const

export function namesOf({ kind, users, groups }: LdapDefinition) {
  const usual = KINDS[kind]
  const { id = usual.id, username = usual.username, name = usual.name, email, attributes } = users
  return {
    users: {
      filter: users.filter ?? usual.users,
      id,
      username,
      name,
      email,
      attributes: [
        ...new Set([id, username, name, email, ACCOUNT_CONTROL, MEMBER_OF, ...Object.values(attributes)]),
      ],
    },
    groups: {
      filter: groups?.filter ?? usual.groups,
      id,
      name: groups?.name ?? 'cn',
      attributes: [...new Set([id, groups?.name ?? 'cn', ...MEMBERS])],
    },
  }
}
