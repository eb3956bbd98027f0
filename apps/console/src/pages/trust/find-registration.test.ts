import { expect, it } from 'vitest'

import { findRegistration } from './find-registration.ts'

const ISSUERS = new Map([
  ['todo0', 'https://as.test'],
  ['crm', 'https://crm.test'],
])
const auth = { method: 'private_key_jwt' } as const
const SERVERS = new Map([
  [
    'https://as.test',
    {
      clients: [
        { id: 'agent', active: true, auth },
        { id: 'old', active: false, auth },
      ],
      clientMetadata: { allow: ['bot.test'] },
    },
  ],
])

it.each([
  ['todo0', 'agent', 'registered'],
  ['todo0', 'old', 'inactive'],
  ['todo0', 'stranger', 'not-there'],
  ['todo0', 'https://bot.test/client', 'elsewhere'],
  ['todo0', 'https://other.test/client', 'not-there'],
  ['todo0', undefined, 'missing'],
  ['crm', 'agent', 'elsewhere'],
  ['unknown', 'agent', 'elsewhere'],
])('of %s and client %s says %s', (resourceApp, clientId, state) => {
  expect(findRegistration({ resourceApp, clientId }, ISSUERS, SERVERS).state).toBe(state)
})
