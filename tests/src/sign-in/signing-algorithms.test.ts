// Configured signing algorithms, over real HTTP: a key per kind of token, matching metadata, and a change at a restart that keeps earlier
// tokens valid.
import { randomBytes } from 'node:crypto'

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, readMetadata, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const IDP = 'https://idp.acme.test'
const VENDOR = 'https://as.vendor.test'
const AN_HOUR_MS = 3_600_000

let server: TestServer | undefined
let offsetMs = 0
const key = randomBytes(32).toString('hex')

afterEach(async () => {
  expect(server?.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server?.stop()
})

interface Signing {
  readonly idp?: Readonly<Record<string, string>>
  readonly vendor?: Readonly<Record<string, string>>
}

/** Issuers that are independent of the port. */
async function restart(database: string, { idp: signing, vendor }: Signing): Promise<string> {
  await server?.stop()
  server = await startTestServer({
    database,
    key,
    clock: { nowMs: () => Date.now() + offsetMs },
    file(baseUrl) {
      const file = company(baseUrl, {
        authorizationServer: {
          issuer: VENDOR,
          trustedIssuers: [{ issuer: IDP, provisioning: 'jit' }],
          ...(vendor && { signing: vendor }),
        },
      })
      const idp = file.idp as { resourceApps: Record<string, unknown>[] }
      const resourceApps = idp.resourceApps.map((app) => ({ ...app, issuer: VENDOR }))
      return { ...file, idp: { ...idp, resourceApps, issuer: IDP, ...(signing && { signing }) } }
    },
  })
  return server.baseUrl
}

const algorithmOf = (token: unknown) => decodeProtectedHeader(String(token)).alg
const ask = (baseUrl: string, idToken: string) =>
  exchange(baseUrl, idToken, { audience: VENDOR, resource: TODO })

async function readAlgorithms(jwksUri: string) {
  const { keys } = (await (await fetch(jwksUri)).json()) as { keys: { alg: string; kid: string }[] }
  return keys.map(({ alg, kid }) => `${kid.replace(/-[\w-]{16}$/, '')} ${alg}`).sort()
}

it('signs each kind of token with its own algorithm, and keeps earlier tokens valid after a change (IDP-40)', async () => {
  const database = await (testDatabaseKinds()[0]?.create() ?? '')
  let baseUrl = await restart(database, {})
  const before = await signInFor(baseUrl, 'alice')
  expect(algorithmOf(before.idToken)).toBe('RS256')
  const old = await ask(baseUrl, before.idToken)
  expect(algorithmOf(old.body.access_token)).toBe('ES256')

  const signing = { idp: { idToken: 'PS256', idJag: 'EdDSA' }, vendor: { accessToken: 'PS256' } }
  baseUrl = await restart(database, signing)
  expect(await readAlgorithms(`${baseUrl}/jwks`)).toEqual([
    'id-jag ES256',
    'id-jag EdDSA',
    'id-token ES256',
    'id-token PS256',
    'id-token RS256',
    'security-event ES256',
  ])
  const discovery = await readMetadata(`${baseUrl}/.well-known/openid-configuration`)
  const supported: unknown = discovery.id_token_signing_alg_values_supported
  expect(new Set(supported as readonly string[])).toEqual(new Set(['ES256', 'PS256', 'RS256']))
  const during = await ask(baseUrl, before.idToken)
  expect(algorithmOf(during.body.access_token)).toBe('ES256')
  expect(algorithmOf((await redeem(baseUrl, String(old.body.access_token))).body.access_token)).toBe('ES256')

  offsetMs += AN_HOUR_MS
  baseUrl = await restart(database, signing)
  const after = await signInFor(baseUrl, 'alice')
  const granted = await ask(baseUrl, after.idToken)
  const redeemed = await redeem(baseUrl, String(granted.body.access_token))
  for (const [token, algorithm, jwksUri, typ] of [
    [after.idToken, 'PS256', `${baseUrl}/jwks`, 'JWT'],
    [granted.body.access_token, 'EdDSA', `${baseUrl}/jwks`, 'oauth-id-jag+jwt'],
    [redeemed.body.access_token, 'PS256', `${baseUrl}/as/vendor/jwks`, 'at+jwt'],
  ] as const) {
    const keys = createRemoteJWKSet(new URL(jwksUri))
    const currentDate = new Date(Date.now() + offsetMs)
    await jwtVerify(String(token), keys, { algorithms: [algorithm], typ, currentDate })
  }
  expect(await readAlgorithms(`${baseUrl}/jwks`)).toContain('id-token ES256')
})
