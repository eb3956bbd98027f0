import { expect, it } from 'vitest'

import { buildConsoleApp } from './console-app.ts'

it('admits exactly the users with a role, and has one redirect URI', () => {
  const app = buildConsoleApp({
    baseUrl: 'https://idp.acme.test',
    roles: {
      owner: { users: ['usr_ada'], groups: [] },
      auditor: { users: ['usr_ada', 'usr_aude'], groups: ['audit'] },
    },
  })
  expect(app.assignments).toEqual({ everyone: false, users: ['usr_ada', 'usr_aude'], groups: ['audit'] })
  expect(app.redirectUris).toEqual(['https://idp.acme.test/admin/callback'])
})
