import { expect, it } from 'vitest'

import { hidePathIds } from './hide-path-ids.ts'

it.each([
  ['/token', '/token'],
  ['/', '/'],
  ['/as/todo0/token', '/as/todo0/token'],
  ['/as/todo0/alice@acme.test', '/as/todo0/:id'],
  ['/.well-known/oauth-authorization-server/as/todo0', '/.well-known/oauth-authorization-server/as/:id'],
  ['/admin/api/v1/users/usr_alice/revoke', '/admin/api/v1/users/:id/revoke'],
  ['/interaction/R4nd0mUid/login', '/interaction/:id/login'],
  [`/${'a/'.repeat(40)}`, '/:id/:id/:id/:id/:id/:id/:id/:id'],
])('%s is written as %s', (path, written) => {
  expect(hidePathIds(path)).toBe(written)
})
