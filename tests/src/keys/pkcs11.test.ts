// A server with signing keys in an HSM: the device signs everything, the database holds no private key, and while the device is unreachable
// requests fail but nothing is lost.
import { setImmediate as turn } from 'node:timers/promises'

import type { SignatureAlgorithm } from '@crosswalk/protocol'
import {
  compactVerify,
  createRemoteJWKSet,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CKA, CKF } from '../../../apps/server/src/key-providers/pkcs11/constants.ts'
import { parseKeyUri } from '../../../apps/server/src/key-providers/pkcs11/key-uri.ts'
import { loadLibrary } from '../../../apps/server/src/key-providers/pkcs11/library.ts'
import { openPkcs11Provider } from '../../../apps/server/src/key-providers/pkcs11/pkcs11-provider.ts'
import { adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { expectAskedBack, issue, listStoredKeys, look } from './remote-keys.ts'
import { describeWithSoftHsm, type SoftHsm, startSoftHsm } from './soft-hsm.ts'

const ALWAYS_SENSITIVE = 0x165
const NEVER_EXTRACTABLE = 0x164
const PRIVATE_VALUE = 0x11

describeWithSoftHsm('keys in an HSM, by PKCS#11', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = startSoftHsm()
  })
  afterAll(() => hsm.stop())

  describe('a provider', () => {
    it.each([
      ['a PIN that is wrong', { pin: '000000' }, /rejects the PIN \(CKR_PIN_INCORRECT\)/],
      ['a missing module', { module: '/nowhere.so' }, /module \/nowhere\.so cannot be loaded/],
    ])('does not start with %s, and explains what to do', async (_, wrong, message) => {
      await expect(openPkcs11Provider({ ...hsm.settings, ...wrong, sessions: 1 })).rejects.toMatchObject({
        name: 'StartError',
        message: expect.stringMatching(message),
        fix: expect.stringMatching(/fix .keys\.pkcs11/),
      })
    })

    it('waits for a missing token without blocking the event loop', async () => {
      const absent = await openPkcs11Provider({ ...hsm.settings, token: 'another', sessions: 1 })
      expect(await absent.findTrouble(undefined)).toBe('the token another is not present')
      await expect(absent.createKey('ES256', 'x')).rejects.toThrow('pkcs11: the token another is not present')
      await absent.close()

      const provider = await openPkcs11Provider({ ...hsm.settings, sessions: 2 })
      try {
        expect(await provider.findTrouble(undefined)).toBeUndefined()
        // The device takes hundreds of milliseconds to find primes.
        let done = false
        const made = provider.createKey('PS256', 'slow').finally(() => (done = true))
        let turns = 0
        for (; !done; turns += 1) await turn()
        expect(turns).toBeGreaterThan(20)
        // At most as many at a time as there are sessions; the rest wait.
        const { uri } = await made
        const signatures = await Promise.all(
          Array.from({ length: 20 }, (_, at) => provider.sign(uri, 'PS256', Buffer.from(`text ${at}`))),
        )
        expect(signatures.map(({ length }) => length)).toEqual(Array(20).fill(384))
        await provider.discardKey(uri)
        await expect(provider.sign(uri, 'PS256', Buffer.from('x'))).rejects.toThrow('is not present')
      } finally {
        await provider.close()
      }
    })

    it('signs with every algorithm, and only with keys of its token', async () => {
      const provider = await openPkcs11Provider({ ...hsm.settings, sessions: 1 })
      const make = (algorithm: SignatureAlgorithm) => provider.createKey(algorithm, algorithm)
      try {
        const rsa = await make('RS384')
        const keys = {
          ...{ RS384: rsa, RS512: rsa, PS384: rsa, PS512: rsa },
          ...{ ES384: await make('ES384'), ES512: await make('ES512'), EdDSA: await make('EdDSA') },
        }
        for (const [alg, { uri, publicJwk }] of Object.entries(keys)) {
          const text = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.e30`
          const signature = await provider.sign(uri, alg as keyof typeof keys, Buffer.from(text))
          const jws = `${text}.${Buffer.from(signature).toString('base64url')}`
          await expect(compactVerify(jws, await importJWK(publicJwk as JWK, alg)), alg).resolves.toBeDefined()
        }
        await provider.discardKey(rsa.uri)
        expect(await provider.findTrouble(rsa.uri)).toContain('is not present')
        const elsewhere = rsa.uri.replace('token=crosswalk', 'token=another')
        await expect(provider.sign(elsewhere, 'RS384', Buffer.from('x'))).rejects.toThrow(
          'is not in the token',
        )
      } finally {
        await provider.close()
      }
    })
  })

  describe('a server', () => {
    let server: TestServer
    let idToken: string
    beforeAll(async () => {
      server = await startTestServer({
        file: (baseUrl) => ({ ...company(baseUrl), keys: { provider: 'pkcs11', pkcs11: hsm.settings } }),
      })
      idToken = (await signInFor(server.baseUrl, 'alice')).idToken
    })
    afterAll(() => server.stop())

    it('signs every token there with the published keys', async () => {
      const idJag = await issue(server, idToken)
      const { status, body } = await redeem(server.baseUrl, idJag)
      expect(status).toBe(200)
      const stored = await listStoredKeys(server)
      for (const [token, jwks] of [
        [idToken, '/jwks'],
        [idJag, '/jwks'],
        [String(body.access_token), '/as/vendor/jwks'],
      ] as const) {
        await jwtVerify(token, createRemoteJWKSet(new URL(server.baseUrl + jwks)))
        const { kid } = decodeProtectedHeader(token)
        expect(stored.find((key) => key.kid === kid)?.privateKeyUri).toMatch(/^pkcs11:token=crosswalk;id=%/)
      }
      const { body: listed } = await adminOf(server.baseUrl)('GET', '/keys')
      expect(listed.items.map(({ provider }: { provider: string }) => provider)).toEqual(
        Array(stored.length).fill('pkcs11'),
      )
    })

    it('has no private key in the database', async () => {
      const stored = await listStoredKeys(server)
      expect(stored.length).toBeGreaterThan(3)
      for (const key of stored) expect(key).not.toHaveProperty('sealedPrivateJwk')
      const other = await startTestServer({ file: (baseUrl) => company(baseUrl) })
      for (const key of await listStoredKeys(other))
        expect(key).toMatchObject({ sealedPrivateJwk: expect.stringMatching(/./) })
      await other.stop()
    })

    it('creates keys that cannot be extracted from the token', async () => {
      const [stored] = await listStoredKeys(server)
      const { id } = parseKeyUri(stored?.privateKeyUri ?? '')
      const library = await loadLibrary()
      library.load(hsm.settings.module)
      const slots = library.C_GetSlotList(true)
      const slot = slots.find((one) => library.C_GetTokenInfo(one).label.trim() === hsm.settings.token)
      const session = library.C_OpenSession(slot ?? Buffer.alloc(0), CKF.SERIAL_SESSION)
      const find = (kind: number) => {
        library.C_FindObjectsInit(session, [
          { type: CKA.CLASS, value: kind },
          { type: CKA.ID, value: id },
        ])
        const [found = Buffer.alloc(0)] = library.C_FindObjects(session, 1)
        library.C_FindObjectsFinal(session)
        return found
      }
      const read = (key: Buffer, type: number) =>
        library.C_GetAttributeValue(session, key, [{ type }])[0]?.value
      const key = find(3)
      for (const [attribute, value] of [
        [CKA.SENSITIVE, 1],
        [ALWAYS_SENSITIVE, 1],
        [CKA.EXTRACTABLE, 0],
        [NEVER_EXTRACTABLE, 1],
      ] as const)
        expect([attribute, read(key, attribute)?.[0]]).toEqual([attribute, value])
      expect(() => read(key, PRIVATE_VALUE)).toThrow('CKR_ATTRIBUTE_SENSITIVE')
      expect(String(read(key, CKA.LABEL))).toMatch(/^crosswalk \S+ \S+$/)
      library.C_CloseSession(session)
    })

    it('rotates to another key of the token, and signs with it', async () => {
      const before = await listStoredKeys(server)
      const answer = await adminOf(server.baseUrl)('POST', '/keys/idp/id-jag/rotate', {
        body: { emergency: true, reason: 'a drill' },
      })
      expect(answer.body.items).toMatchObject([{ provider: 'pkcs11', state: 'current' }])
      const [{ kid, uri }] = answer.body.items as [{ kid: string; uri: string }]
      expect(before.map(({ privateKeyUri }) => privateKeyUri)).not.toContain(uri)
      expect(decodeProtectedHeader(await issue(server, idToken)).kid).toBe(kid)
    })

    it('issues nothing and uses no grant while the device is unreachable, and recovers', async () => {
      const idJag = await issue(server, idToken)
      expect(await look(server)).toMatchObject({ status: 200 })
      hsm.remove()
      try {
        expectAskedBack(await exchange(server.baseUrl, idToken, { resource: TODO }))
        expectAskedBack(await redeem(server.baseUrl, idJag))
        await expect(signInFor(server.baseUrl, 'alice')).rejects.toThrow('temporarily_unavailable')
        await expect
          .poll(() => look(server))
          .toMatchObject({
            status: 503,
            unready: [expect.stringMatching(/^keys: pkcs11: /)],
          })
        // Tokens issued before are still accepted.
        expect((await fetch(`${server.baseUrl}/jwks`)).status).toBe(200)
      } finally {
        hsm.putBack()
      }
      await expect.poll(() => look(server), { timeout: 10_000 }).toMatchObject({ status: 200 })
      expect((await redeem(server.baseUrl, idJag)).status).toBe(200)
      await issue(server, idToken)
      const { items } = await server.events((events) =>
        events.list({ log: 'as:vendor', types: ['token.redeemed'], limit: 100 }),
      )
      expect(items).toHaveLength(2)
      expect(server.log.filter((line) => line.includes('fault')).join('\n')).toMatch(/pkcs11: /)
    })

    it('signs many tokens concurrently', async () => {
      const tokens = await Promise.all(Array.from({ length: 20 }, () => issue(server, idToken)))
      const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/jwks`))
      await Promise.all(tokens.map((token) => jwtVerify(token, keys)))
      expect(new Set(tokens).size).toBe(20)
    })
  })
})
