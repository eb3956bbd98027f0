import { importJWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'

import { decodeCompactJws } from '../jws/compact-jws.ts'
import { importVerificationKey } from '../jws/verification-key.ts'
import type { KeyStore, StoredKey } from '../ports.ts'
import { createSealing } from '../sealing/sealing.ts'
import type { RotationPolicy } from './key-lifecycle.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'

const START = Date.UTC(2026, 0, 1)
const sealing = createSealing(Uint8Array.from({ length: 32 }, (_, index) => index * 7))

function createMemoryStore(time: { readonly ms: number }): KeyStore & {
  readonly raw: () => readonly StoredKey[]
  put(keys: StoredKey[]): void
} {
  const owners = new Map<string, readonly StoredKey[]>()
  return {
    readTimeMs: async () => time.ms,
    list: (owner) => Promise.resolve(owners.get(owner) ?? []),
    replace(owner, seen, keys) {
      const same = JSON.stringify(owners.get(owner) ?? []) === JSON.stringify(seen)
      if (same) owners.set(owner, keys)
      return Promise.resolve(same)
    },
    raw: () => owners.get('idp') ?? [],
    put: (keys) => owners.set('idp', keys),
  }
}

function createWorld(rotation: Partial<RotationPolicy> = {}) {
  const time = { ms: START }
  const store = createMemoryStore(time)
  const open = (more: Partial<Parameters<typeof createSigningKeys>[0]> = {}): Promise<SigningKeys> =>
    createSigningKeys({
      store,
      owner: 'idp',
      purposes: ['id-token', 'id-jag'],
      algorithm: 'ES256',
      sealing,
      rotation: {
        publishAheadSeconds: 600,
        rotateEverySeconds: 86_400,
        keepRetiredSeconds: 3600,
        ...rotation,
      },
      ...more,
    })
  return { store, time, open }
}

const kidsOf = (keys: SigningKeys) => keys.publicJwks().keys.map(({ kid }) => kid)

describe('IDP-40 signing keys', () => {
  test('one key per purpose, with the purpose in its kid, published with public members only', async () => {
    const keys = await createWorld().open()
    expect(keys.publicJwks().keys).toHaveLength(2)
    for (const jwk of keys.publicJwks().keys)
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(keys.current('id-jag').kid).toMatch(/^id-jag-[\w-]{16}$/)
    expect(keys.current('id-token').kid).toMatch(/^id-token-[\w-]{16}$/)
  })

  test('its signatures verify with the published keys', async () => {
    const keys = await createWorld().open()
    const signer = keys.current('id-jag')
    const token = await signer.signJws({ typ: 'oauth-id-jag+jwt' }, { sub: 'a' })
    const jwk = keys.publicJwks().keys.find(({ kid }) => kid === signer.kid)
    const verified = await jwtVerify(token, await importJWK(jwk ?? {}), { typ: 'oauth-id-jag+jwt' })
    expect(verified.payload).toEqual({ sub: 'a' })
  })

  test('SEC-03 a key of one purpose is not found for another', async () => {
    const keys = await createWorld().open()
    const { kid } = keys.current('id-jag')
    expect(keys.findVerificationKey('id-jag', kid)?.kid).toBe(kid)
    expect(keys.findVerificationKey('id-token', kid)).toBeUndefined()
    expect(keys.findVerificationKey('id-jag', undefined)).toBeUndefined()
  })

  test('the store holds no private key in the clear', async () => {
    const world = createWorld()
    await world.open()
    const [{ kid, sealedPrivateJwk = '' } = { kid: '' }] = world.store.raw()
    const { d } = JSON.parse(sealing.open('signing-key', `idp ${kid}`, sealedPrivateJwk)) as { d: string }
    expect(d).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(world.store.raw())).not.toContain(d)
  })

  test('a restart signs with the same keys; another master key prevents the start', async () => {
    const world = createWorld()
    const first = await world.open()
    expect(kidsOf(await world.open())).toEqual(kidsOf(first))
    await expect(world.open({ sealing: createSealing(new Uint8Array(32)) })).rejects.toThrow(/master key/)
  })

  test('a private key moved to another kid does not open', async () => {
    const world = createWorld()
    await world.open()
    const [a, b] = world.store.raw() as [StoredKey, StoredKey]
    world.store.put([{ ...a, sealedPrivateJwk: b.sealedPrivateJwk }, b])
    await expect(world.open()).rejects.toThrow(/changed or belongs elsewhere/)
  })

  test('ten processes starting concurrently agree on one set', async () => {
    const world = createWorld()
    const all = await Promise.all(Array.from({ length: 10 }, () => world.open()))
    expect(new Set(all.map((keys) => keys.current('id-jag').kid)).size).toBe(1)
    expect(world.store.raw()).toHaveLength(2)
  })

  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
    'SEC-01, SEC-05 a published key for %s states its use, has no private part, and is long enough',
    async (algorithm) => {
      const keys = await createWorld().open({ algorithm, purposes: ['id-token'] })
      const [jwk] = keys.publicJwks().keys
      expect(jwk).toMatchObject({ use: 'sig', alg: algorithm, kid: expect.stringMatching(/^id-token-/) })
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
        expect(jwk).not.toHaveProperty(secret)
      // Our keys must pass the rules for keys of others: sizes, curves, and the algorithm they are for.
      expect(importVerificationKey(jwk)).toMatchObject({
        accepted: true,
        value: { algorithms: algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm] },
      })
      if (jwk?.kty === 'RSA') expect(Buffer.from(String(jwk.n), 'base64url').length * 8).toBe(3072)
    },
  )

  test.each(['ES384', 'EdDSA', 'RS256', 'PS256'] as const)('keys for %s', async (algorithm) => {
    const keys = await createWorld().open({ algorithm, purposes: ['id-token'] })
    const token = await keys.current('id-token').signJws({ typ: 'JWT' }, {})
    expect(decodeCompactJws(token)).toMatchObject({ accepted: true, value: { header: { alg: algorithm } } })
  })
})

describe('rotation', () => {
  test('the next key is published before it signs, the old one after', async () => {
    const { open, time } = createWorld()
    const keys = await open()
    const old = keys.current('id-jag').kid
    await keys.rotate('id-jag')
    expect(kidsOf(keys)).toHaveLength(3)
    time.ms += 599_999
    expect(await keys.rotateIfDue()).toBe(false)
    expect(keys.current('id-jag').kid).toBe(old)
    time.ms += 1
    expect(await keys.rotateIfDue()).toBe(true)
    expect(keys.current('id-jag').kid).not.toBe(old)
    expect(kidsOf(keys)).toContain(old)
    time.ms += 3_599_999
    await keys.rotateIfDue()
    expect(kidsOf(keys)).toContain(old)
    time.ms += 1
    await keys.rotateIfDue()
    expect(kidsOf(keys)).not.toContain(old)
    expect(keys.findVerificationKey('id-jag', old)).toBeUndefined()
  })

  test('rotates by age, early enough to publish the next key before it signs', async () => {
    const { open, time } = createWorld()
    const keys = await open()
    time.ms += 86_400_000 - 600_000 - 1
    expect(await keys.rotateIfDue()).toBe(false)
    time.ms += 1
    expect(await keys.rotateIfDue()).toBe(true)
    expect(kidsOf(keys)).toHaveLength(4)
  })

  test.each([
    [0, 40 * 365 * 86_400, false],
    [86_400, 86_400 - 600 - 1, false],
    [86_400, 86_400 - 600, true],
  ])('with rotation every %i s, a key that is %i s old is due: %s', async (rotateEverySeconds, age, due) => {
    const { open, time } = createWorld({ rotateEverySeconds })
    const keys = await open()
    time.ms += age * 1000
    expect(await keys.rotateIfDue()).toBe(due)
    expect(kidsOf(keys)).toHaveLength(due ? 4 : 2)
  })

  test('rotating twice makes one next key', async () => {
    const keys = await createWorld().open()
    await keys.rotate('id-jag')
    await keys.rotate('id-jag')
    expect(kidsOf(keys)).toHaveLength(3)
  })

  test('an emergency rotation signs immediately and drops only the old keys of that purpose', async () => {
    const { open } = createWorld()
    const keys = await open()
    const [jag, idToken] = [keys.current('id-jag').kid, keys.current('id-token').kid]
    await keys.rotate('id-jag')
    await keys.rotate('id-jag', { emergency: true })
    expect(keys.current('id-jag').kid).not.toBe(jag)
    expect(kidsOf(keys)).not.toContain(jag)
    expect(kidsOf(keys)).toHaveLength(2)
    expect(keys.current('id-token').kid).toBe(idToken)
  })

  test('an emergency after a rotation also drops the retired key, so its signatures no longer verify', async () => {
    const { open, time } = createWorld()
    const keys = await open()
    const retired = keys.current('id-jag').kid
    await keys.rotate('id-jag')
    time.ms += 600_000
    await keys.rotateIfDue()
    expect(keys.list().map(({ kid, state }) => [kid, state])).toContainEqual([retired, 'retired'])
    expect(keys.findVerificationKey('id-jag', retired)).toBeDefined()
    // A token that the retired key signed stays usable, for example as a hint at sign-out.
    expect(keys.ofPurpose('id-jag').map(({ signer }) => signer.kid)).toEqual([
      keys.current('id-jag').kid,
      retired,
    ])
    await keys.rotate('id-jag', { emergency: true })
    expect(kidsOf(keys)).not.toContain(retired)
    expect(keys.findVerificationKey('id-jag', retired)).toBeUndefined()
  })

  test.each(['reload', 'rotateIfDue'] as const)('another process adopts new keys by %s', async (adopt) => {
    const { open } = createWorld()
    const [one, other] = [await open(), await open()]
    await one.rotate('id-jag', { emergency: true })
    await other[adopt]()
    expect(kidsOf(other)).toEqual(kidsOf(one))
  })

  test('a changed algorithm makes a rotation due', async () => {
    const { open, time } = createWorld()
    await open()
    const keys = await open({ algorithm: 'EdDSA' })
    expect(keys.current('id-jag').algorithm).toBe('ES256')
    await keys.rotateIfDue()
    time.ms += 600_000
    await keys.rotateIfDue()
    expect(keys.current('id-jag').algorithm).toBe('EdDSA')
  })

  test('a restart with another algorithm publishes its key immediately and keeps the old one', async () => {
    const { open, time } = createWorld()
    const old = kidsOf(await open())
    const keys = await open({ algorithm: (purpose) => (purpose === 'id-token' ? 'RS256' : 'ES256') })
    expect(kidsOf(keys)).toEqual(expect.arrayContaining([...old]))
    expect(keys.list().map(({ purpose, state, algorithm }) => `${purpose} ${state} ${algorithm}`)).toEqual([
      'id-token current ES256',
      'id-jag current ES256',
      'id-token next RS256',
    ])
    time.ms += 600_000
    await keys.rotateIfDue()
    expect(keys.current('id-token').algorithm).toBe('RS256')
    expect(keys.current('id-jag').algorithm).toBe('ES256')
    expect(kidsOf(keys)).toEqual(expect.arrayContaining([...old]))
    // The new algorithm stays after rotations by age, by hand and in an emergency.
    await keys.rotate('id-token', { emergency: true })
    expect(keys.current('id-token').algorithm).toBe('RS256')
    await keys.rotate('id-jag')
    expect(keys.list().filter(({ state }) => state === 'next')).toMatchObject([{ algorithm: 'ES256' }])
  })

  test('a process with the former algorithm does not undo the change', async () => {
    const { open } = createWorld()
    const former = await open()
    const keys = await open({ algorithm: 'PS256' })
    await former.rotateIfDue()
    await keys.reload()
    expect(kidsOf(former)).toEqual(kidsOf(keys))
    expect(kidsOf(keys)).toHaveLength(4)
  })

  test('a purpose with two algorithms publishes a key for each, and rotates both together', async () => {
    const { open, time } = createWorld()
    const keys = await open({
      purposes: ['id-token', 'id-jag'],
      algorithm: (purpose) => (purpose === 'id-token' ? ['RS256', 'ES256'] : 'ES256'),
    })
    const told = (purpose: string) =>
      keys
        .list()
        .flatMap((key) => (key.purpose === purpose ? `${key.state} ${key.algorithm}` : []))
        .sort()
    const signing = () =>
      keys
        .ofPurpose('id-token')
        .slice(0, 2)
        .map(({ signer: { algorithm, kid } }) => [algorithm, kid])
    expect(told('id-token')).toEqual(['current ES256', 'current RS256'])
    expect(signing().map(([alg]) => alg)).toEqual(['RS256', 'ES256'])
    const before = signing()

    await keys.rotate('id-token')
    await keys.rotate('id-token')
    expect(told('id-token')).toEqual(['current ES256', 'current RS256', 'next ES256', 'next RS256'])
    expect(signing()).toEqual(before)
    time.ms += 600_000
    await keys.rotateIfDue()
    expect(told('id-token')).toEqual(['current ES256', 'current RS256', 'retired ES256', 'retired RS256'])
    for (const [at, [alg, kid]] of signing().entries()) {
      expect([at, alg]).toEqual([at, before[at]?.[0]])
      expect([at, kid]).not.toEqual([at, before[at]?.[1]])
    }

    await keys.rotate('id-token', { emergency: true })
    expect(told('id-token')).toEqual(['current ES256', 'current RS256'])
    for (const [, kid] of before) expect(keys.findVerificationKey('id-token', String(kid))).toBeUndefined()
    expect(told('id-jag')).toEqual(['current ES256'])
  })

  test('an added algorithm gets its own key, and the key of a removed algorithm retires', async () => {
    const { open, time } = createWorld()
    const only = await open({ purposes: ['id-token'] })
    const [old] = kidsOf(only)
    const both = await open({ purposes: ['id-token'], algorithm: () => ['RS256', 'ES256'] })
    expect(both.list().map(({ state, algorithm }) => `${state} ${algorithm}`)).toEqual([
      'current ES256',
      'next RS256',
    ])
    time.ms += 600_000
    await both.rotateIfDue()
    expect(both.current('id-token').algorithm).toBe('RS256')
    expect(both.list().map(({ state }) => state)).toEqual(['current', 'current'])
    const dropped = await open({ purposes: ['id-token'], algorithm: 'RS256' })
    expect(dropped.list().find(({ kid }) => kid === old)?.state).toBe('retired')
    time.ms += 3_600_000
    await dropped.rotateIfDue()
    expect(kidsOf(dropped)).not.toContain(old)
  })

  test('an unconfigured purpose is misuse', async () => {
    const keys = await createWorld().open()
    expect(() => keys.current('access-token')).toThrow(/no signing key/)
    await expect(keys.rotate('access-token')).rejects.toThrow(/no signing key/)
  })
})
