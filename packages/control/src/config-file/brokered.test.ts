// Settings for services without ID-JAG support: what the file may contain, and what is rejected.
import { expect, test } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const API = 'https://gateway.test/crm'

function parse(brokered: object, { issuer = 'https://xaa.example/as/gateway', introspects = [API] } = {}) {
  const file = {
    baseUrl: 'https://xaa.example',
    idp: {
      resourceApps: [
        { id: 'crm', name: 'CRM', issuer, resources: [{ id: API, scopes: ['read'] }], brokered },
      ],
    },
    authorizationServers: [
      {
        id: 'gateway',
        trustedIssuers: [{ issuer: 'https://xaa.example', provisioning: 'jit' }],
        clients: [
          {
            id: 'gateway-api',
            auth: { method: 'client_secret_basic', secret: 'Rz7wQ0vT4mXk2LpN9sYb6HcJ1dFg8aUe' },
            introspects,
          },
        ],
        resources: [{ id: API, scopes: ['read'] }],
      },
    ],
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {})
}

const KEY = { api: 'https://api.crm.test/v1', credential: { kind: 'apiKey' } }

test('accepts a service with a key', () => {
  const { configuration, problems } = parse(KEY)
  expect(problems).toEqual([])
  expect(configuration?.idp?.resourceApps[0]?.brokered).toEqual({
    api: 'https://api.crm.test/v1',
    credential: { kind: 'apiKey', per: 'app', header: 'Authorization', scheme: 'Bearer' },
    privateNetwork: false,
  })
})

test.each([
  [
    'an authorization server elsewhere',
    KEY,
    { issuer: 'https://elsewhere.test' },
    'no authorization server here',
  ],
  ['no gateway', KEY, { introspects: [] }, 'no client of authorization server gateway introspects'],
  ['an API with a query', { ...KEY, api: 'https://api.crm.test/?v=1' }, {}, 'without query'],
  ['a cookie for a key', { ...KEY, credential: { kind: 'apiKey', header: 'Cookie' } }, {}, 'may carry a key'],
  [
    'sign-in in the place of access',
    {
      ...KEY,
      credential: {
        kind: 'oauth',
        authorizationEndpoint: 'https://crm.test/authorize',
        tokenEndpoint: 'https://crm.test/token',
        clientId: 'x',
        scopes: ['openid'],
      },
    },
    {},
    'must not include openid',
  ],
])('reports %s', (_, brokered, change, words) => {
  const { problems } = parse(brokered, change)
  expect(problems.map(({ what, fix }) => `${what} ${fix}`).join('\n')).toContain(words)
})
