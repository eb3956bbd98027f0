import type { User } from '@crosswalk/idp'
import { describe, expect, it } from 'vitest'

import { type AdminRoles, findRole } from './find-role.ts'

const holders = (users: string[], groups: string[] = [], apps?: string[]) => ({
  users,
  groups,
  ...(apps && { apps }),
})

const ROLES: AdminRoles = {
  owner: holders(['usr_ada']),
  'app-owner': holders(['usr_ann'], [], ['agent0']),
  auditor: holders(['usr_ada'], ['audit']),
}

function makeUser(id: string, groups: readonly string[] = [], active = true): User {
  return { id, username: id, emailVerified: false, groups: [...groups], attributes: {}, active }
}

describe('the role of a user', () => {
  it.each([
    ['by name', makeUser('usr_ada'), { role: 'owner' }],
    ['by group', makeUser('usr_x', ['staff', 'audit']), { role: 'auditor' }],
    ['with the apps it covers', makeUser('usr_ann'), { role: 'app-owner', apps: ['agent0'] }],
    ['the highest of several', makeUser('usr_ada', ['audit']), { role: 'owner' }],
    ['none for other users', makeUser('usr_x', ['staff']), undefined],
    ['none for inactive users', makeUser('usr_ada', [], false), undefined],
    ['none without a user', undefined, undefined],
  ])('%s', (_, user, role) => {
    expect(findRole(ROLES, user)).toEqual(role)
  })

  it('is undefined if no roles are configured', () => {
    expect(findRole({}, makeUser('usr_ada'))).toBeUndefined()
  })
})
