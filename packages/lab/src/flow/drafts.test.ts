// Which redemptions carry the scope: Keycloak grants its default scopes to one without it, Okta may refuse it.
import { expect, it } from 'vitest'

import { draftRedemption } from './drafts.ts'

const KEYCLOAK = 'https://login.files.test/realms/acme'
const OKTA = 'https://acme.okta.com'

it.each([
  [KEYCLOAK, undefined, 'files.read', true],
  [KEYCLOAK, undefined, undefined, false],
  [KEYCLOAK, false, 'files.read', false],
  [OKTA, undefined, 'files.read', false],
  [OKTA, true, 'files.read', true],
  ['https://as.todo0.test', undefined, 'files.read', false],
])('at %s, told %s, with the scope %s: %s', (issuer, sendScope, scope, sent) => {
  const { params } = draftRedemption({ as: { issuer, sendScope }, scope } as never, 'ey.ID.JAG')
  expect(params['scope']).toBe(sent ? scope : undefined)
  expect(params['assertion']).toBe('ey.ID.JAG')
})
