// Signing keys held by a provider: what is stored about them, and what happens while the provider is unreachable.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import type { PublicJwk } from '@crosswalk/protocol'
import { importJWK, jwtVerify } from 'jose'
import { expect, test } from 'vitest'

import type { KeyProvider, KeyStore, LoggedEvent, StoredKey } from '../ports.ts'
import { createSealing } from '../sealing/sealing.ts'
import { findKeyProviderFault, KeyProviderFault } from './key-provider-fault.ts'
import { createSigningKeys, type SigningKeysOptions } from './signing-keys.ts'

/** An in-memory device. */
function createDevice(name = 'device') {
  const keys = new Map<string, KeyObject>()
  const device = { keys, discarded: [] as string[], away: false, provider: {} as KeyProvider }
  const look = () => {
    if (device.away) throw new KeyProviderFault(name, 'the device is away')
  }
  device.provider = {
    name,
    uriPrefix: `${name}:`,
    async createKey() {
      look()
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const uri = `${name}:${keys.size + 1}`
      keys.set(uri, privateKey)
      return { uri, publicJwk: publicKey.export({ format: 'jwk' }) as unknown as PublicJwk }
    },
    async discardKey(uri) {
      device.discarded.push(uri)
    },
    async sign(uri, _algorithm, data) {
      look()
      return sign('sha256', data, { key: keys.get(uri) as KeyObject, dsaEncoding: 'ieee-p1363' })
    },
    findTrouble: async () => (device.away ? 'away' : undefined),
    close: async () => undefined,
  }
  return device
}

const STARTED = Date.UTC(2026, 0, 1)

function createWorld() {
  let stored: readonly StoredKey[] = []
  const recorded: unknown[] = []
  const time = { ms: STARTED }
  const store: KeyStore = {
    readTimeMs: async () => time.ms,
    list: async () => stored,
    async replace(_owner, seen, keys, event) {
      if (seen !== stored) return false
      stored = keys
      if (event !== undefined) recorded.push(event)
      return true
    },
  }
  const open = (more: Partial<SigningKeysOptions> = {}) =>
    createSigningKeys({
      store,
      owner: 'idp',
      purposes: ['id-jag'],
      algorithm: 'ES256',
      sealing: createSealing(new Uint8Array(32).fill(7)),
      rotation: { publishAheadSeconds: 600 },
      ...more,
    })
  return { open, store, time, recorded, stored: () => stored }
}

const only = ({ provider }: ReturnType<typeof createDevice>) => ({
  providers: { forNewKeys: provider, all: [provider] },
})

test('a provider key signs, and only its URI and public part are stored', async () => {
  const { open, stored } = createWorld()
  const device = createDevice()
  const keys = await open(only(device))
  const token = await keys.current('id-jag').signJws({ typ: 'x+jwt' }, { sub: 'a' })
  const { payload } = await jwtVerify(token, await importJWK(keys.publicJwks().keys[0] ?? {}))
  expect(payload).toEqual({ sub: 'a' })
  expect(stored()).toMatchObject([{ privateKeyUri: 'device:1', state: 'current' }])
  expect(stored()[0]).not.toHaveProperty('sealedPrivateJwk')
  const { d } = device.keys.get('device:1')?.export({ format: 'jwk' }) as { d: string }
  expect(JSON.stringify(stored())).not.toContain(d)
})

test('keys rotate within the provider, immediately in an emergency', async () => {
  const { open, stored, recorded, time } = createWorld()
  const keys = await open(only(createDevice()))
  await keys.rotate('id-jag')
  time.ms += 600_000
  await keys.rotateIfDue()
  const told = () => stored().map(({ privateKeyUri, state }) => [privateKeyUri, state])
  expect(told()).toEqual([
    ['device:1', 'retired'],
    ['device:2', 'current'],
  ])
  const event = { log: 'admin', event: {} } as LoggedEvent
  await keys.rotate('id-jag', { emergency: true, recorded: event })
  expect(told()).toEqual([['device:3', 'current']])
  expect(recorded).toEqual([event])
})

test.each([
  ['from the database to a provider', undefined, createDevice()],
  ['from a provider to the database', createDevice(), undefined],
  ['from one provider to another', createDevice(), createDevice('other')],
])('a changed provider takes effect by a rotation: %s', async (_, from, to) => {
  const { open, stored, time } = createWorld()
  const all = [from, to].flatMap((device) => device?.provider ?? [])
  const first = await open({ providers: { forNewKeys: from?.provider, all } })
  const old = first.current('id-jag').kid
  const keys = await open({ providers: { forNewKeys: to?.provider, all } })
  expect(keys.current('id-jag').kid).toBe(old)
  await keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})
  time.ms += 600_000
  await keys.rotateIfDue()
  expect(keys.current('id-jag')).toMatchObject({ isRemote: to !== undefined })
  expect(stored().map(({ state }) => state)).toEqual(['retired', 'current'])
  await keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})
  await keys.rotateIfDue()
  expect(stored()).toHaveLength(2)
})

test('while the provider is unreachable, a server starts with its existing keys and cannot sign', async () => {
  const { open, time } = createWorld()
  const device = createDevice()
  const kid = (await open(only(device))).current('id-jag').kid
  time.ms += 90 * 86_400_000
  device.away = true
  const keys = await open(only(device))
  expect(keys.current('id-jag').kid).toBe(kid)
  await expect(keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})).rejects.toThrow('device is away')
  await expect(keys.rotateIfDue()).rejects.toThrow('device is away')
  device.away = false
  await keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})
  expect(await keys.rotateIfDue()).toBe(true)
})

test('a server does not start with a due rotation that fails for another reason', async () => {
  const { open, time } = createWorld()
  const device = createDevice()
  await open(only(device))
  time.ms += 90 * 86_400_000
  device.provider.createKey = () => Promise.reject(new TypeError('a bug'))
  await expect(open(only(device))).rejects.toThrow('a bug')
})

test('a key whose signatures do not verify is never published', async () => {
  const { open, stored } = createWorld()
  const { provider } = createDevice()
  const der: KeyProvider = {
    ...provider,
    sign: async (...asked) => (await provider.sign(...asked)).subarray(1),
  }
  await expect(open({ providers: { forNewKeys: der, all: [der] } })).rejects.toThrow(
    'device:1 makes signatures',
  )
  expect(stored()).toEqual([])
})

const BOTH = ['ES256', 'RS256'] as const

// It is tried again every minute: an HSM would soon be full, and a KMS charges for each key.
test.each<[string, (provider: KeyProvider) => Partial<KeyProvider>]>([
  [
    'makes wrong signatures',
    ({ sign }) => ({ sign: async (...asked) => (await sign(...asked)).subarray(1) }),
  ],
  ['may not sign', () => ({ sign: () => Promise.reject(new KeyProviderFault('device', 'not allowed')) })],
  [
    'cannot make a key of the second algorithm',
    ({ createKey }) => ({
      createKey: (algorithm, label) =>
        algorithm === 'ES256' ? createKey(algorithm, label) : Promise.reject(new Error('no RSA')),
    }),
  ],
])('a rotation leaves no unused key at a provider that %s', async (_, change) => {
  const { open, time, stored } = createWorld()
  const device = createDevice()
  const keys = await open({ ...only(device), algorithm: () => (time.ms > STARTED ? BOTH : 'ES256') })
  time.ms += 90 * 86_400_000
  Object.assign(device.provider, change({ ...device.provider }))
  await expect(keys.rotateIfDue()).rejects.toThrow()
  expect(stored()).toHaveLength(1)
  expect(device.discarded[0]).toBe('device:2')
  expect(device.discarded).toEqual([...device.keys.keys()].slice(1))
})

test('keys that the store may have in spite of a fault stay at the provider', async () => {
  const { open, store, time } = createWorld()
  const device = createDevice()
  const keys = await open(only(device))
  time.ms += 90 * 86_400_000
  store.replace = () => Promise.reject(new Error('connection lost'))
  await expect(keys.rotateIfDue()).rejects.toThrow('connection lost')
  expect(device.keys.size).toBe(2)
  expect(device.discarded).toEqual([])
})

test('without keys, a server does not start while the provider is unreachable', async () => {
  const device = createDevice()
  device.away = true
  await expect(createWorld().open(only(device))).rejects.toBeInstanceOf(KeyProviderFault)
})

test('a key of a provider removed from the configuration cannot sign; an emergency rotation replaces it', async () => {
  const { open } = createWorld()
  await open(only(createDevice()))
  const keys = await open()
  await expect(keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})).rejects.toThrow(
    'device:1 is kept by a provider that is not in the configuration',
  )
  await keys.rotate('id-jag', { emergency: true })
  await keys.current('id-jag').signJws({ typ: 'x+jwt' }, {})
})

test('discards only the key for which another process was faster', async () => {
  const { open, store, time, stored } = createWorld()
  const device = createDevice()
  const slow = await open(only(device))
  await slow.rotate('id-jag')
  time.ms += 600_000
  // The slower process both promotes the next key and makes another one, then finds that it was too late.
  const replace = store.replace.bind(store)
  const before = stored()
  let raced = false
  store.replace = async (owner, seen, keys) => {
    if (!raced) {
      raced = true
      await replace(
        owner,
        before,
        before.map((key) => ({ ...key })),
      )
    }
    return replace(owner, seen, keys)
  }
  const rotated = await open({
    ...only(device),
    rotation: { publishAheadSeconds: 600, rotateEverySeconds: 600 },
  })
  expect(device.discarded).toEqual(['device:3'])
  expect(stored().map(({ privateKeyUri }) => privateKeyUri)).toEqual(['device:1', 'device:2', 'device:4'])
  expect(rotated.current('id-jag').isRemote).toBe(true)
})

test('the fault of a provider is found behind other errors', () => {
  const fault = new KeyProviderFault('device', 'away')
  expect(findKeyProviderFault(new Error('not issued', { cause: fault }))).toBe(fault)
  expect(findKeyProviderFault(new Error('not issued'))).toBeUndefined()
})
