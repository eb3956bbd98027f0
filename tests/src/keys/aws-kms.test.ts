// A server with signing keys in AWS KMS, here a stand-in that checks the signature of every request.
import { randomUUID } from 'node:crypto'

import { SECURITY_EVENT } from '@crosswalk/protocol'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { openAwsKmsProvider } from '../../../apps/server/src/key-providers/aws-kms/aws-kms-provider.ts'
import {
  listProvidersInUse,
  openKeyProviders,
} from '../../../apps/server/src/key-providers/configured-providers.ts'
import { adminOf } from '../admin/admin.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ACCESS_KEY, type FakeKms, startFakeKms } from './fake-kms.ts'
import { expectAskedBack, issue, listStoredKeys, look } from './remote-keys.ts'

let kms: FakeKms
let server: TestServer
let idToken: string
const PARTNER = 'https://idp.partner.test'
let partnerKey: TestKey
const settings = () => ({ region: 'eu-central-1', endpoint: kms.url, privateNetwork: false, ...ACCESS_KEY })

beforeAll(async () => {
  kms = await startFakeKms()
  partnerKey = await makeKey('k')
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl) as { authorizationServers: { trustedIssuers: object[] }[] }
      const jwks = { keys: [partnerKey.publicJwk] }
      file.authorizationServers[0]?.trustedIssuers.push({
        ...{ issuer: PARTNER, jwks, provisioning: 'jit', securityEvents: {} },
      })
      return { ...file, keys: { provider: 'awsKms', awsKms: settings() } }
    },
  })
  idToken = (await signInFor(server.baseUrl, 'alice')).idToken
})
afterAll(async () => {
  await server.stop()
  await kms.stop()
})

it('signs every token there with the published keys, none of which is in the database', async () => {
  const idJag = await issue(server, idToken)
  const { status, body } = await redeem(server.baseUrl, idJag)
  expect(status).toBe(200)
  const stored = await listStoredKeys(server)
  for (const key of stored) {
    expect(key).not.toHaveProperty('sealedPrivateJwk')
    expect([...kms.keys.keys()]).toContain(key.privateKeyUri)
  }
  for (const [token, jwks] of [
    [idToken, '/jwks'],
    [idJag, '/jwks'],
    [String(body.access_token), '/as/vendor/jwks'],
  ] as const) {
    await jwtVerify(token, createRemoteJWKSet(new URL(server.baseUrl + jwks)))
    expect(stored.map(({ kid }) => kid)).toContain(decodeProtectedHeader(token).kid)
  }
})

it('rotates to a new key there', async () => {
  const before = [...kms.keys.keys()]
  const { body } = await adminOf(server.baseUrl)('POST', '/keys/idp/id-jag/rotate', {
    body: { emergency: true, reason: 'a drill' },
  })
  expect(body.items).toMatchObject([{ provider: 'awsKms', uri: expect.stringMatching(/^arn:aws:kms:/) }])
  expect(before).not.toContain(body.items[0].uri)
  expect(decodeProtectedHeader(await issue(server, idToken)).kid).toBe(body.items[0].kid)
})

it('issues nothing and uses no grant while the service is unreachable, and recovers without a restart', async () => {
  const idJag = await issue(server, idToken)
  expect(await look(server)).toEqual({ status: 200, unready: [] })
  kms.setAway(true)
  expectAskedBack(await exchange(server.baseUrl, idToken, { resource: TODO }))
  expectAskedBack(await redeem(server.baseUrl, idJag))
  await expect
    .poll(() => look(server))
    .toEqual({
      status: 503,
      unready: ['keys: awsKms: DependencyTimeoutException'],
    })
  kms.setAway(false)
  expect((await redeem(server.baseUrl, idJag)).status).toBe(200)
  await expect.poll(() => look(server)).toEqual({ status: 200, unready: [] })
})

it('issues nothing for an ID-JAG that its issuer revokes while the token is signed', async () => {
  const world = { baseUrl: server.baseUrl, clock: { nowMs: () => Date.now() } }
  const redeemFor = async (sub: string) => {
    const idJag = await signJwt(partnerKey, idJagClaims(world, PARTNER, { sub }), idJagHeader)
    const { status, body } = await redeem(server.baseUrl, idJag)
    return [status, body.error]
  }
  const revoke = async (sub: string) => {
    const aud = `${server.baseUrl}/as/vendor`
    const subject = { iss: PARTNER, aud, sub_id: { format: 'iss_sub', iss: PARTNER, sub } }
    const event = { iat: Math.floor(Date.now() / 1000), jti: randomUUID() }
    const claims = { ...subject, ...event, events: { [SECURITY_EVENT.sessionRevoked]: {} } }
    const headers = { 'content-type': 'application/secevent+jwt' }
    const body = await signJwt(partnerKey, claims, { typ: 'secevent+jwt' })
    expect((await fetch(`${aud}/security-events`, { method: 'POST', headers, body })).status).toBe(202)
  }
  kms.meanwhile = () => revoke('ann')
  expect(await redeemFor('ann')).toEqual([400, 'invalid_grant'])
  // Positive control: the revocation of another user does not matter.
  kms.meanwhile = () => revoke('ann')
  expect(await redeemFor('ben')).toEqual([200, undefined])
})

it('reports a wrong secret, and blocks an undeclared private address', async () => {
  const wrong = await openAwsKmsProvider({ ...settings(), secretAccessKey: 'another' })
  await expect(wrong.createKey('ES256', 'x')).rejects.toThrow('awsKms: IncompleteSignatureException')
  await wrong.close()
  const inside = await openAwsKmsProvider({ ...settings(), endpoint: 'http://10.255.255.1:1' })
  await expect(inside.createKey('ES256', 'x')).rejects.toThrow('refused to fetch http://10.255.255.1:1/')
  await inside.close()
})

it('creates new keys there only if the configuration says so, and reports only a provider that signs', async () => {
  const open = (provider: 'awsKms' | 'database') =>
    openKeyProviders({ keys: { awsKms: settings(), provider } })
  const [chosen, kept] = [await open('awsKms'), await open('database')]
  expect([chosen.forNewKeys?.name, kept.forNewKeys?.name]).toEqual(['awsKms', undefined])
  const stored = ['current', 'retired', 'next'].map((state) => ({ state, privateKeyUri: `arn:aws:${state}` }))
  const inUse = (states: readonly string[]) => {
    const keys = { list: () => stored.filter(({ state }) => states.includes(state)) }
    const roles = { signingKeys: () => [keys] } as unknown as Parameters<typeof listProvidersInUse>[1]
    return listProvidersInUse(kept, roles).map(({ keyInUse }) => keyInUse())
  }
  expect(inUse(['retired', 'next', 'current'])).toEqual(['arn:aws:current'])
  expect(inUse(['retired', 'next'])).toEqual([undefined])
  await Promise.all([chosen.close(), kept.close()])
})

it('deletes a new key whose public part cannot be read, and tells strangers nothing about the account', async () => {
  const provider = await openAwsKmsProvider(settings())
  const known = [...kms.keys.keys()]
  kms.refuseReading('User: arn:aws:iam::111122223333:role/x may not\u202e read it')
  await expect(provider.createKey('ES256', 'x')).rejects.toThrow(
    'awsKms: AccessDeniedException: User: arn:aws:iam::111122223333:role/x may not read it',
  )
  const made = [...kms.keys.keys()].filter((uri) => !known.includes(uri))
  expect(made.map((uri) => kms.keys.get(uri)?.state)).toEqual(['PendingDeletion'])
  expect(await provider.findTrouble(known[0])).toBe('AccessDeniedException')
  kms.refuseReading(undefined)
  expect(await provider.findTrouble(known[0])).toBeUndefined()
  await provider.close()
})

it('discards a key that never signed', async () => {
  const provider = await openAwsKmsProvider(settings())
  const { uri } = await provider.createKey('ES256', 'x')
  expect(await provider.findTrouble(uri)).toBeUndefined()
  await provider.discardKey(uri)
  expect(await provider.findTrouble(uri)).toBe('the key is PendingDeletion')
  await expect(provider.sign(uri, 'ES256', Buffer.from('x'))).rejects.toThrow('KMSInvalidStateException')
  await provider.close()
})
