import { generateKeyPairSync } from 'node:crypto'

import { accept, refuse } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import type { GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import type { JsonObject } from '../jws/strict-json.ts'
import { listMetadataUrls } from './discover-keys.ts'
import { createIssuerKeys, type KeyQuery } from './issuer-keys.ts'
import { chooseKey, parseKeySet } from './key-set.ts'

const A = 'https://a.example'
const JWKS_A = 'https://a.example/jwks'
const MINUTE = 60_000

const EC = Array.from({ length: 3 }, () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
)
const jwk = (kid: string | undefined, index = 0, more: object = {}) => ({
  ...EC[index],
  ...(kid === undefined ? {} : { kid }),
  ...more,
})
const metadata = (issuer: string, jwksUri: unknown = `${issuer}/jwks`) => ({ issuer, jwks_uri: jwksUri })

function createWorld(documents: Record<string, JsonObject | undefined> = {}) {
  const time = { ms: Date.UTC(2026, 0, 1) }
  const fetched: string[] = []
  const gate: { wait: Promise<void> | undefined } = { wait: undefined }
  const fetch: GuardedFetch = {
    async fetchJson(url) {
      fetched.push(url)
      await gate.wait
      const document = documents[url]
      return document === undefined ? refuse({ reason: 'status', detail: '404' } as const) : accept(document)
    },
    close: () => Promise.resolve(),
  }
  const keys = createIssuerKeys({ fetch, clock: { nowMs: () => time.ms } })
  const query = (more: Partial<KeyQuery> = {}): KeyQuery => ({
    issuer: A,
    jwksUri: JWKS_A,
    kid: 'k1',
    algorithm: 'ES256',
    ...more,
  })
  const outcome = async (more: Partial<KeyQuery> = {}) => {
    const found = await keys.find(query(more))
    return found.accepted ? found.value.jwk.x : found.refusal.reason
  }
  const refusal = async (more: Partial<KeyQuery> = {}) => {
    const found = await keys.find(query(more))
    return found.accepted ? undefined : found.refusal
  }
  return { documents, time, fetched, gate, keys, query, outcome, refusal }
}

describe('RAS-09, RAS-10 sources of keys', () => {
  test.each([
    [{ issuer: `${A}\u202e\n${'x'.repeat(200_000)}` }, 'issuer-mismatch'],
    [{ issuer: A, jwks_uri: `${A}/\u202e\n${'x'.repeat(200_000)}` }, 'unreachable'],
  ])(
    'a problem shows at most 300 characters of what an issuer says, on one line',
    async (document, reason) => {
      const world = createWorld({ [listMetadataUrls(A)[0] ?? '']: document })
      const refusal = await world.refusal({ jwksUri: undefined })
      expect(refusal).toMatchObject({ reason, detail: expect.stringContaining('xxx') })
      expect(refusal?.detail).toHaveLength(300)
      expect(refusal?.detail).not.toMatch(/[\n\u202e]/)
    },
  )

  test('a changed jwksUri uses the keys of the new source only', async () => {
    const moved = 'https://a.example/moved'
    const world = createWorld({
      [JWKS_A]: { keys: [jwk('k1', 0), jwk('former', 2)] },
      [moved]: { keys: [jwk('k1', 1)] },
    })
    expect(await world.outcome()).toBe(EC[0]?.x)
    expect(world.keys.peek(world.query({ jwksUri: moved }))).toBeUndefined()
    expect(await world.outcome({ jwksUri: moved })).toBe(EC[1]?.x)
    expect(await world.outcome({ kid: 'former' })).toBe(EC[2]?.x)
    expect(await world.outcome({ kid: 'former', jwksUri: moved })).not.toBe(EC[2]?.x)
    expect(world.fetched).toContain(moved)
  })

  test('configured keys cause no traffic', async () => {
    const world = createWorld()
    expect(await world.outcome({ jwks: { keys: [jwk('k1')] } })).toBe(EC[0]?.x)
    expect(await world.outcome({ jwks: { keys: [jwk('k2')] } })).toBe('unknown-kid')
    expect(world.fetched).toEqual([])
  })

  test('from the configured jwks_uri', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    expect(await world.outcome()).toBe(EC[0]?.x)
    expect(world.fetched).toEqual([JWKS_A])
  })

  test.each([
    ['https://a.example', 'https://a.example/.well-known/openid-configuration'],
    ['https://a.example/', 'https://a.example/.well-known/openid-configuration'],
    ['https://a.example', 'https://a.example/.well-known/oauth-authorization-server'],
    ['https://a.example/as/x', 'https://a.example/as/x/.well-known/openid-configuration'],
    ['https://a.example/as/x', 'https://a.example/.well-known/oauth-authorization-server/as/x'],
    ['https://a.example/as/x', 'https://a.example/.well-known/openid-configuration/as/x'],
  ])('from the metadata of %s at %s', async (issuer, url) => {
    const world = createWorld({ [url]: metadata(issuer, JWKS_A), [JWKS_A]: { keys: [jwk('k1')] } })
    const found = await world.keys.find({ issuer, kid: 'k1', algorithm: 'ES256' })
    expect(found).toMatchObject({ accepted: true })
    expect(listMetadataUrls(issuer)).toContain(url)
  })

  test.each([
    ['another issuer', metadata('https://b.example'), 'issuer-mismatch'],
    ['the issuer with a slash', metadata(`${A}/`), 'issuer-mismatch'],
    ['no issuer', { jwks_uri: `${A}/jwks` }, 'issuer-mismatch'],
    ['no jwks_uri', { issuer: A }, 'unusable-document'],
    ['a jwks_uri that is not a string', metadata(A, 1), 'unusable-document'],
  ])('SEC-16 metadata with %s is refused', async (_, document, refusal) => {
    const world = createWorld({
      [`${A}/.well-known/openid-configuration`]: document,
      [`${A}/jwks`]: { keys: [jwk('k1')] },
    })
    const found = await world.keys.find({ issuer: A, kid: 'k1', algorithm: 'ES256' })
    expect(found).toMatchObject({ accepted: false, refusal: { reason: refusal } })
  })

  test('an issuer that is not a URL has no metadata', async () => {
    expect(
      await createWorld().keys.find({ issuer: 'https://[', kid: 'k1', algorithm: 'ES256' }),
    ).toMatchObject({
      accepted: false,
      refusal: { reason: 'unreachable', detail: 'https://[ is not a URL' },
    })
  })

  test.each([
    ['no key set', {}, 'unusable-document'],
    ['101 keys', { keys: Array(101).fill(jwk('k1')) }, 'unusable-document'],
    ['only keys of other kinds', { keys: [{ kty: 'oct', k: 'AAAA', kid: 'k1' }, 1, null] }, 'unknown-kid'],
    ['a private key', { keys: [jwk('k1', 0, { d: 'x' })] }, 'unknown-kid'],
  ])('%s: refused', async (_, document, refusal) => {
    expect(await createWorld({ [JWKS_A]: document }).outcome()).toBe(refusal)
  })

  test('accepts 100 keys', async () => {
    const keys = [...Array(99).fill({ kty: 'unknown' }), jwk('k1')]
    expect(await createWorld({ [JWKS_A]: { keys } }).outcome()).toBe(EC[0]?.x)
  })
})

describe('RAS-10 choosing a key', () => {
  const choose = (keys: object[], kid: string | undefined, algorithm = 'ES256') => {
    const set = parseKeySet({ keys })
    if (!set.accepted) throw new Error(set.refusal)
    const chosen = chooseKey(set.value, { kid, algorithm })
    return chosen.accepted ? chosen.value.jwk.x : chosen.refusal
  }

  test.each([
    ['by kid', [jwk('k1'), jwk('k2', 1)], 'k2', EC[1]?.x],
    [
      'the suitable key of two with the same kid',
      [jwk('k1', 0, { use: 'enc' }), jwk('k1', 1)],
      'k1',
      EC[1]?.x,
    ],
    ['no key with another kid', [jwk('k1')], 'k2', 'unknown-kid'],
    ['no key without kid for a token with one', [jwk(undefined)], 'k1', 'unknown-kid'],
    [
      'the only suitable key for a token without kid',
      [jwk('k1'), jwk('k2', 1, { alg: 'ES384' })],
      undefined,
      EC[0]?.x,
    ],
    ['neither of two keys for a token without kid', [jwk('k1'), jwk('k2', 1)], undefined, 'kid-needed'],
    ['no key for encryption', [jwk('k1', 0, { use: 'enc' })], 'k1', 'unfit-key'],
  ])('%s', (_, keys, kid, expected) => {
    expect(choose(keys, kid)).toBe(expected)
  })

  test('no key for another algorithm', () => {
    expect(choose([jwk('k1')], 'k1', 'RS256')).toBe('unfit-key')
    expect(choose([jwk('k1')], 'k1', 'HS256')).toBe('unfit-key')
  })
})

describe('SEC-04 keys belong to their issuer', () => {
  test('even if two issuers share a host and a kid', async () => {
    const world = createWorld({
      'https://h.example/a/jwks': { keys: [jwk('k1', 0)] },
      'https://h.example/b/jwks': { keys: [jwk('k1', 1)] },
    })
    const ask = (name: string) =>
      world.outcome({ issuer: `https://h.example/${name}`, jwksUri: `https://h.example/${name}/jwks` })
    expect([await ask('a'), await ask('b'), await ask('a')]).toEqual([EC[0]?.x, EC[1]?.x, EC[0]?.x])
  })

  test('even if two issuers share a jwks_uri; each has its own fetch limit', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    world.time.ms += MINUTE
    for (const issuer of [A, 'https://b.example']) await world.outcome({ issuer })
    expect(world.fetched).toHaveLength(2)
    for (let n = 0; n < 3; n += 1) await world.outcome({ kid: 'made-up' })
    expect(world.fetched).toHaveLength(3)
    world.time.ms += MINUTE
    await world.outcome({ kid: 'made-up', issuer: 'https://b.example' })
    expect(world.fetched).toHaveLength(4)
  })
})

describe('SEC-14, SEC-15 fetching keys', () => {
  test('once for any number of concurrent requests, and not again while fresh', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    const all = await Promise.all(Array.from({ length: 50 }, () => world.outcome()))
    expect(new Set(all)).toEqual(new Set([EC[0]?.x]))
    world.time.ms += 5 * MINUTE
    await world.outcome()
    expect(world.fetched).toHaveLength(1)
    expect(world.keys.peek(world.query())?.jwk.x).toBe(EC[0]?.x)
    expect(world.keys.peek(world.query({ kid: 'k2' }))).toBeUndefined()
  })

  test('peek knows nothing of an issuer before the first find', () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    expect(world.keys.peek(world.query())).toBeUndefined()
    expect(world.fetched).toEqual([])
  })

  test('a new kid right after the first fetch is looked up immediately', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    world.documents[JWKS_A] = { keys: [jwk('k1'), jwk('k2', 1)] }
    expect(await world.outcome({ kid: 'k2' })).toBe(EC[1]?.x)
    expect(world.fetched).toHaveLength(2)
  })

  test('unknown kids cause one fetch in 10 s, and each is refused, because the set was fetched a moment ago (RAS-10)', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    expect(await world.outcome({ kid: 'made-up' })).toBe('unknown-kid')
    expect(world.fetched).toHaveLength(2)
    world.time.ms += 9_999
    const guesses = Array.from({ length: 20 }, (_, n) => world.outcome({ kid: `guess-${n}` }))
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['unknown-kid']))
    expect(await world.outcome()).toBe(EC[0]?.x)
    expect(world.fetched).toHaveLength(2)
    world.time.ms += 1
    world.documents[JWKS_A] = { keys: [jwk('made-up', 1)] }
    expect(await world.outcome({ kid: 'made-up' })).toBe(EC[1]?.x)
    expect(world.fetched).toHaveLength(3)
  })

  test('a kid looked up in vain is looked up again once the keys were fetched for another one', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    for (const kid of ['next', 'made-up']) {
      expect(await world.outcome({ kid })).toBe('unknown-kid')
      world.time.ms += 30_000
    }
    world.documents[JWKS_A] = { keys: [jwk('k1'), jwk('next', 1)] }
    expect(await world.outcome({ kid: 'next' })).toBe(EC[1]?.x)
    expect(world.fetched).toHaveLength(4)
  })

  test('a requested kid with a key for another algorithm causes no fetch', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    expect(await world.outcome({ algorithm: 'RS256' })).toBe('unfit-key')
    expect(world.fetched).toHaveLength(1)
    expect(await world.outcome({ kid: 'k2' })).toBe('unknown-kid')
    expect(world.fetched).toHaveLength(2)
  })

  test('after half their maximum age, keys are refreshed in the background', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    world.documents[JWKS_A] = { keys: [jwk('k1', 1)] }
    world.time.ms += 5 * MINUTE + 1
    expect(await world.outcome()).toBe(EC[0]?.x)
    await new Promise((resolve) => setImmediate(resolve))
    expect(world.fetched).toHaveLength(2)
    expect(await world.outcome()).toBe(EC[1]?.x)
  })

  test('past 10 minutes a removed key stops working', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1'), jwk('k2', 1)] } })
    await world.outcome()
    world.documents[JWKS_A] = { keys: [jwk('k2', 1)] }
    world.time.ms += 10 * MINUTE + 1
    expect(world.keys.peek(world.query())).toBeUndefined()
    expect(await world.outcome()).toBe('unknown-kid')
    expect(await world.outcome({ kid: 'k2' })).toBe(EC[1]?.x)
  })

  test('while the issuer cannot be reached, known keys work for 24 hours', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    delete world.documents[JWKS_A]
    world.time.ms += 24 * 60 * MINUTE
    expect(await world.outcome()).toBe(EC[0]?.x)
    world.time.ms += 1
    expect(await world.outcome()).toBe('unreachable')
    world.documents[JWKS_A] = { keys: [jwk('k1')] }
    world.time.ms += 30_000
    expect(await world.outcome()).toBe(EC[0]?.x)
  })

  test('without keys, a failed fetch is retried after 1, 2, 4, 8, 16 and then every 30 s', async () => {
    const world = createWorld()
    for (const [attempt, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      const flood = await Promise.all(Array.from({ length: 50 }, () => world.refusal()))
      expect(flood).toEqual(
        Array(50).fill(expect.objectContaining({ reason: 'unreachable', retryAfterSeconds: seconds })),
      )
      expect(world.fetched).toHaveLength(attempt + 1)
      world.time.ms += seconds * 1000 - 1
      expect(await world.refusal()).toMatchObject({ reason: 'unreachable', retryAfterSeconds: 1 })
      expect(world.fetched).toHaveLength(attempt + 1)
      world.time.ms += 1
    }
    world.documents[JWKS_A] = { keys: [jwk('k1')] }
    expect(await world.outcome()).toBe(EC[0]?.x)
  })

  test('a failed first fetch delays the next by a second, and so does the first of a later series', async () => {
    const world = createWorld()
    await world.outcome()
    world.documents[JWKS_A] = { keys: [jwk('k1')] }
    world.time.ms += 1000
    expect(await world.outcome()).toBe(EC[0]?.x)
  })

  test.each([
    ['refreshed in the background', 6],
    ['too old', 11],
  ])('with known keys that are %s, a failing issuer is contacted once in 30 s', async (_, minutes) => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    delete world.documents[JWKS_A]
    world.time.ms += minutes * MINUTE
    for (const [waitMs, fetched] of [
      [0, 2],
      [29_999, 2],
      [1, 3],
    ] as const) {
      world.time.ms += waitMs
      expect(await world.outcome()).toBe(EC[0]?.x)
      await new Promise((resolve) => setImmediate(resolve))
      expect([waitMs, world.fetched.length]).toEqual([waitMs, fetched])
    }
  })

  test('an unknown kid is not refused for good while the issuer is unreachable', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    await world.outcome()
    delete world.documents[JWKS_A]
    world.time.ms += MINUTE
    for (const retryAfterSeconds of [30, 30])
      expect(await world.refusal({ kid: 'k2' })).toEqual({
        reason: 'unreachable',
        detail: `${JWKS_A}: status (404)`,
        retryAfterSeconds,
      })
    expect(world.fetched).toHaveLength(2)
    expect(await world.outcome()).toBe(EC[0]?.x)
  })

  test.each([
    [{ reason: 'address-refused' } as const, 'http://127.0.0.1:4000/jwks', /loopback.*allowLoopback/],
    [{ reason: 'address-refused' } as const, 'https://10.0.0.1/jwks', /address-refused$/],
    [{ reason: 'timeout' } as const, 'https://a.example/jwks', /^https:\/\/a\.example\/jwks: timeout$/],
  ])('reports why keys could not be fetched: %j at %s', async (refusal, jwksUri, detail) => {
    const fetch = { fetchJson: async () => refuse(refusal), close: async () => undefined }
    const keys = createIssuerKeys({ fetch, clock: { nowMs: () => 0 } })
    for (const where of [{ issuer: A, jwksUri }, { issuer: new URL(jwksUri).origin }])
      expect(await keys.find({ ...where, kid: 'k1', algorithm: 'ES256' })).toMatchObject({
        refusal: { reason: 'unreachable', detail: expect.stringMatching(where.jwksUri ? detail : /./) },
      })
  })

  test.each([
    ['does not respond', { reason: 'timeout' } as const, 1],
    ['cannot be reached', { reason: 'unreachable', detail: 'ECONNREFUSED' } as const, 1],
    ['has no document there', { reason: 'status', detail: '404' } as const, 2],
  ])('looks for metadata no longer than needed at a host that %s', async (_, refusal, count) => {
    const fetched: string[] = []
    const fetchJson = async (url: string) => {
      fetched.push(url)
      return refuse(refusal)
    }
    const keys = createIssuerKeys({
      fetch: { fetchJson, close: async () => undefined },
      clock: { nowMs: () => 0 },
    })
    await keys.find({ issuer: A, kid: 'k1', algorithm: 'ES256' })
    expect(fetched).toEqual(listMetadataUrls(A).slice(0, count))
  })

  test('after the clock was set back, keys are neither trusted longer nor fetched later', async () => {
    const world = createWorld()
    expect(await world.outcome()).toBe('unreachable')
    world.time.ms -= 60 * MINUTE
    world.documents[JWKS_A] = { keys: [jwk('k1')] }
    expect(await world.outcome()).toBe(EC[0]?.x)
    expect(await world.outcome({ kid: 'k2' })).toBe('unknown-kid')
    world.time.ms -= 60 * MINUTE
    world.documents[JWKS_A] = { keys: [jwk('k2', 1)] }
    expect(await world.outcome()).toBe('unknown-kid')
    expect(await world.outcome({ kid: 'k2' })).toBe(EC[1]?.x)
    world.time.ms -= 60 * MINUTE
    world.documents[JWKS_A] = undefined
    // As old as the clock was set back, so they are still used while the issuer is unreachable.
    expect(await world.outcome({ kid: 'k2' })).toBe(EC[1]?.x)
  })

  test('requests waiting for the same fetch share its outcome', async () => {
    const world = createWorld({ [JWKS_A]: { keys: [jwk('k1')] } })
    let release = () => undefined as void
    world.gate.wait = new Promise((resolve) => (release = resolve))
    const waiting = [world.outcome(), world.outcome({ kid: 'k2' })]
    release()
    expect(await Promise.all(waiting)).toEqual([EC[0]?.x, 'unknown-kid'])
    expect(world.fetched).toHaveLength(1)
  })
})
