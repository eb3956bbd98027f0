import { expect, it } from 'vitest'

import { buildConsoleApp } from './console-app.ts'

it('lets in exactly those who have a role, and names one place to come back to', () => {
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
