import { generateKeyPairSync } from 'node:crypto'

import { createIssuerKeys, type KeyQuery } from '@crosswalk/as-core'
import { accept, refuse } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { createLocalIssuerKeys } from './local-issuer-keys.ts'

const ISSUER = 'https://idp.acme.test'

function makeKey(kid: string): Record<string, unknown> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }
}

/** A world that counts fetches and returns one remote key. */
function createWorld() {
  const state = {
    fetched: [] as string[],
    nowMs: 1_000_000,
    reloads: 0,
    local: { keys: [makeKey('a')] },
  }
  const remoteKeys = { keys: [makeKey('remote')] }
  const clock = { nowMs: () => state.nowMs }
  const remote = createIssuerKeys({
    clock,
    fetch: {
      fetchJson: async (url) => {
        state.fetched.push(url)
        return url.endsWith('/jwks') ? accept(remoteKeys) : refuse({ reason: 'status' as const })
      },
      close: async () => undefined,
    },
  })
  const later = { key: makeKey('b') }
  const signingKeys = {
    publicJwks: () => state.local,
    reload: async () => {
      state.reloads += 1
      state.local = { keys: [...state.local.keys, later.key] }
    },
  }
  const keys = createLocalIssuerKeys(
    remote,
    () => ({ issuer: ISSUER, jwksUri: `${ISSUER}/jwks`, signingKeys }),
    clock,
  )
  const find = (query: Partial<KeyQuery>) =>
    keys.find({ issuer: ISSUER, kid: 'a', algorithm: 'ES256', ...query })
  return { state, keys, find }
}

describe('keys of an IdP in the same process', () => {
  it('are found immediately, without a request', async () => {
    const { state, keys, find } = createWorld()
    expect((await find({})).accepted).toBe(true)
    expect(keys.peek({ issuer: ISSUER, kid: 'a', algorithm: 'ES256' })?.kid).toBe('a')
    expect(state.fetched).toEqual([])
  })

  it('are reloaded for an unknown kid, once per 5 seconds', async () => {
    const { state, find } = createWorld()
    expect((await find({ kid: 'b' })).accepted).toBe(true)
    expect((await find({ kid: 'c' })).accepted).toBe(false)
    expect(state.reloads).toBe(1)
    state.nowMs += 5_000
    await find({ kid: 'c' })
    expect(state.reloads).toBe(2)
    expect(state.fetched).toEqual([])
  })

  it('are reloaded once for simultaneous requests, which all use the result', async () => {
    const { state, find } = createWorld()
    const found = await Promise.all([find({ kid: 'b' }), find({ kid: 'b' })])
    expect(found.map(({ accepted }) => accepted)).toEqual([true, true])
    expect(state.reloads).toBe(1)
  })

  it('are reloaded at once after the clock was set back', async () => {
    const { state, find } = createWorld()
    await find({ kid: 'c' })
    state.nowMs -= 3_600_000
    await find({ kid: 'c' })
    expect(state.reloads).toBe(2)
  })

  it('are fetched if the configuration has a different jwksUri', async () => {
    const { state, find } = createWorld()
    expect((await find({ jwksUri: 'https://keys.acme.test/jwks', kid: 'remote' })).accepted).toBe(true)
    expect(state.fetched).toEqual(['https://keys.acme.test/jwks'])
  })

  it('are not fetched from its own jwksUri, so that removing a key takes effect immediately', async () => {
    const { state, find } = createWorld()
    expect((await find({ jwksUri: `${ISSUER}/jwks` })).accepted).toBe(true)
    state.local = { keys: [] }
    expect((await find({ jwksUri: `${ISSUER}/jwks` })).accepted).toBe(false)
    expect(state.fetched).toEqual([])
  })

  it.each([`${ISSUER}/`, `${ISSUER}.evil.test`, 'https://IDP.acme.test'])(
    'are not used for %s',
    async (issuer) => {
      const { state, find } = createWorld()
      expect((await find({ issuer })).accepted).toBe(false)
      expect(state.fetched.length).toBeGreaterThan(0)
    },
  )
})
