import type { TokenOfApp } from '@crosswalk/resource-as'
import { expect, it } from 'vitest'

import { findIssuance } from './find-issuance.ts'

const ISSUER = 'https://idp.test'
const event = { id: 'evt_1' }
const parts = {
  issuer: ISSUER,
  storage: {
    events: { findIssued: async (id: string) => (id === 'grant' ? { event } : undefined) as never },
  },
}

it.each<[string, TokenOfApp, object | undefined]>([
  ['an ID-JAG of our IdP', { issuer: ISSUER, grantId: 'grant' }, event],
  ['an ID-JAG that is not recorded', { issuer: ISSUER, grantId: 'other' }, undefined],
  ['an ID-JAG of another issuer with the same jti', { issuer: `${ISSUER}/`, grantId: 'grant' }, undefined],
  [
    'an authorization code with the same id',
    { issuer: ISSUER, grantId: 'grant', grantType: 'authorization_code' },
    undefined,
  ],
])('a token from %s', async (_, token, found) => {
  expect(await findIssuance(parts, token)).toEqual(found)
})
