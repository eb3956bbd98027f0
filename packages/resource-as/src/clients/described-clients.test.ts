import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { accept, GRANT_TYPE, zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { createDescribedClients } from './described-clients.ts'

const URL_OF_APP = 'https://app.test/agent.json'
const snapshot = compileRedemptionSnapshot(
  1,
  { issuer: 'https://as.test', clockSkewSeconds: 30 },
  zAuthorizationServer.parse({ id: 'main', clientMetadata: { allow: ['app.test'] } }),
)

async function describe(change: Readonly<Record<string, unknown>>) {
  const document = {
    client_id: URL_OF_APP,
    client_name: 'App',
    redirect_uris: ['https://app.test/cb'],
    grant_types: [GRANT_TYPE.authorizationCode, GRANT_TYPE.jwtBearer],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://app.test/jwks',
    ...change,
  }
  const clients = createDescribedClients({
    baseUrl: 'https://as.test',
    fetch: { fetchDocument: async () => accept({ document, cacheControl: undefined }) },
    clock: { nowMs: () => 1_800_000_000_000 },
    snapshot: () => snapshot,
  })
  expect(await clients.documents.find(URL_OF_APP)).toMatchObject({ accepted: true })
  return clients.find(URL_OF_APP)
}

const { authorizationCode, jwtBearer, jwtDpop } = GRANT_TYPE

it.each([
  ['with a key redeems ID-JAGs and starts the code flow', {}, [jwtBearer, jwtDpop, authorizationCode]],
  [
    'without a key never redeems ID-JAGs',
    { token_endpoint_auth_method: 'none', jwks_uri: undefined },
    [authorizationCode],
  ],
  ['has no grant that it does not list', { grant_types: [authorizationCode] }, [authorizationCode]],
])('an app that describes itself %s', async (_, change, grantTypes) => {
  expect(await describe(change)).toMatchObject({ grantTypes, introspects: [], active: true })
})

it('an app may limit itself to tokens that are bound to its key', async () => {
  expect(await describe({})).toMatchObject({ dpopBoundAccessTokens: false })
  expect(await describe({ dpop_bound_access_tokens: true })).toMatchObject({ dpopBoundAccessTokens: true })
})
