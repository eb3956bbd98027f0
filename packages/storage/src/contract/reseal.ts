// The contract of replacing a master key: sealed values stay readable at every step, and digests never change.
import {
  createSealing,
  createSigningKeys,
  KEY_RING_OWNER,
  nameMasterKey,
  openCredential,
  sealCredential,
} from '@crosswalk/as-core'
import { AUTHORIZATION_LABEL, sealTotpSecret } from '@crosswalk/idp'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openSealing, requireKeyRing } from '../sealing/open-sealing.ts'
import { finishReseal, publishMasterKey, resealAll } from '../sealing/reseal.ts'
import type { Storage } from '../storage.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

const [FIRST, SECOND, THIRD] = [1, 2, 3].map((step) =>
  Uint8Array.from({ length: 32 }, (_, index) => (index + 1) * step),
) as [Uint8Array, Uint8Array, Uint8Array]
const NOW = START_MS
const RECORD = { log: 'idp', event: sampleEvent(1) }
const CREDENTIAL = { id: 'crd_1', resourceApp: 'calendar', userId: 'usr_alice', kind: 'apiKey' } as const

/** Uses its keys like a node: signs, checks a second factor, sends an event with a secret header. */
async function readAll(storage: Storage, masterKey: Uint8Array) {
  const sealing = await openSealing(storage.keys, masterKey)
  const keys = await createSigningKeys({
    store: storage.keys,
    owner: 'idp',
    purposes: ['id-jag'],
    algorithm: 'ES256',
    sealing,
  })
  const factor = await storage.secondFactors.findTotp('usr_alice')
  const [stream] = await storage.objects.list('event-streams')
  const { delivery } = stream?.body as { delivery: { sealedAuthorization: string } }
  const credential = await storage.credentials.find(CREDENTIAL)
  return {
    kid: keys.current('id-jag').kid,
    credential: openCredential(sealing, CREDENTIAL.id, credential?.sealed ?? ''),
    secret: sealing.open('totp-secret', 'usr_alice', factor?.sealedSecret ?? ''),
    header: sealing.open(AUTHORIZATION_LABEL, 'str_1', delivery.sealedAuthorization),
    pairwise: sealing.keyedDigest('pairwise-subject', 'alice'),
    hashId: sealing.keyId,
  }
}

export function describeReseal(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('everything stays readable with both keys until the end, then only with the new one', async () => {
    const { storage } = fixture
    const sealing = createSealing(FIRST)
    const sealedSecret = sealTotpSecret(sealing, 'usr_alice', 'SECRET')
    await storage.secondFactors.enrolTotp('usr_alice', { sealedSecret, step: 1, at: NOW }, RECORD)
    const sealedAuthorization = sealing.seal(AUTHORIZATION_LABEL, 'str_1', 'Bearer x')
    const body = {
      id: 'str_1',
      delivery: { method: 'push', endpoint: 'https://x.test', sealedAuthorization },
    }
    await storage.objects.put({ collection: 'event-streams', id: 'str_1', body, by: 'test', at: NOW })
    const polled = { id: 'str_2', delivery: { method: 'poll' } }
    await storage.objects.put({ collection: 'event-streams', id: 'str_2', body: polled, by: 'test', at: NOW })
    const sealed = sealCredential(sealing, CREDENTIAL.id, { key: 'a key' })
    const stored = { ...CREDENTIAL, sealed, storedAt: NOW, storedBy: 'test' }
    await storage.credentials.put(stored, { log: 'admin', event: sampleEvent(1) })
    const before = await readAll(storage, FIRST)
    expect(before.credential).toEqual({ key: 'a key' })
    const running = await openSealing((await fixture.openAgain()).keys, FIRST)

    const change = { masterKey: FIRST, newKey: SECOND, now: NOW }
    await publishMasterKey(storage, change)
    expect(await resealAll(storage, FIRST, NOW)).toEqual({
      signingKeys: 1,
      totpSecrets: 1,
      streams: 1,
      credentials: 1,
    })
    expect(await readAll(storage, FIRST)).toEqual(before)
    expect(await readAll(storage, SECOND)).toEqual(before)

    // Once a node with the first key learns of the second one, it reads values sealed with it and uses it for sealing.
    const { sealedSecret: now = '' } = (await storage.secondFactors.findTotp('usr_alice')) ?? {}
    expect(() => running.open('totp-secret', 'usr_alice', now)).toThrow('but this process has')
    await running.refresh()
    expect(running.open('totp-secret', 'usr_alice', now)).toBe('SECRET')
    expect(running.seal('l', 'c', 'x')).toContain(`v1.${nameMasterKey(SECOND)}.`)

    await publishMasterKey(storage, change)
    expect(await resealAll(storage, FIRST, NOW)).toEqual({
      signingKeys: 0,
      totpSecrets: 0,
      streams: 0,
      credentials: 0,
    })
    await expect(publishMasterKey(storage, { masterKey: SECOND, newKey: THIRD, now: NOW })).rejects.toThrow(
      'not finished yet',
    )
    await expect(finishReseal(storage, FIRST, NOW)).rejects.toThrow('is the old one')

    await storage.secondFactors.replaceTotp('usr_late', {
      sealedSecret: sealTotpSecret(sealing, 'usr_late', 'LATE'),
      fingerprint: 'f',
      at: NOW,
    })
    expect(await finishReseal(storage, SECOND, NOW)).toEqual({
      signingKeys: 0,
      totpSecrets: 1,
      streams: 0,
      credentials: 0,
    })
    await expect(readAll(storage, FIRST)).rejects.toThrow(
      `master key ${nameMasterKey(FIRST)} does not open this database; it is sealed under ${nameMasterKey(SECOND)}`,
    )
    await expect(readAll(storage, THIRD)).rejects.toThrow('does not open this database')
    expect(await readAll(storage, SECOND)).toEqual(before)
    await running.refresh()
    expect(running.open('totp-secret', 'usr_alice', now)).toBe('SECRET')

    await publishMasterKey(storage, { masterKey: SECOND, newKey: THIRD, now: NOW })
    await resealAll(storage, SECOND, NOW)
    await finishReseal(storage, THIRD, NOW)
    expect(await readAll(storage, THIRD)).toEqual(before)
  })

  test('of two processes that replace the key concurrently, the second changes nothing', async () => {
    const { storage } = fixture
    const first = { masterKey: THIRD, newKey: FIRST, now: NOW }
    const second = { ...first, newKey: SECOND }
    // The other process acts between reading and replacing the ring.
    const overtaken = {
      ...storage.keys,
      async list(owner: string) {
        const seen = await storage.keys.list(owner)
        await publishMasterKey(storage, first)
        return seen
      },
    }
    await expect(publishMasterKey({ keys: overtaken }, second)).rejects.toThrow('another process is changing')
    const ring = requireKeyRing(await storage.keys.list(KEY_RING_OWNER), THIRD)
    expect(nameMasterKey(ring.current)).toBe(nameMasterKey(FIRST))
  })

  test('seals keys again if a rotation came first', async () => {
    const { storage } = fixture
    let tries = 0
    const overtaken = {
      ...storage.keys,
      replace: async (...change: Parameters<typeof storage.keys.replace>) =>
        (tries += 1) > 1 && storage.keys.replace(...change),
    }
    const resealed = await resealAll({ ...storage, keys: overtaken }, FIRST, NOW)
    expect([tries, resealed.signingKeys]).toEqual([2, 1])
    expect(await finishReseal(storage, FIRST, NOW)).toMatchObject({ signingKeys: 0 })
  })

  test('seals every second factor and credential again, however many pages they take', async () => {
    const { storage } = fixture
    const sealing = await openSealing(storage.keys, FIRST)
    const other = { ...CREDENTIAL, id: 'crd_2', userId: 'usr_late' }
    const sealed = sealCredential(sealing, other.id, { key: 'another key' })
    const stored = { ...other, sealed, storedAt: NOW, storedBy: 'test' }
    await storage.credentials.put(stored, { log: 'admin', event: sampleEvent(1) })
    const { secondFactors, credentials } = storage
    const paged: Storage = {
      ...storage,
      secondFactors: {
        ...secondFactors,
        listTotp: async (after) => (await secondFactors.listTotp(after)).slice(0, 1),
      },
      credentials: {
        ...credentials,
        listSealed: async (after) => (await credentials.listSealed(after)).slice(0, 1),
      },
    }
    await publishMasterKey(storage, { masterKey: FIRST, newKey: SECOND, now: NOW })
    expect(await resealAll(paged, SECOND, NOW)).toMatchObject({ totpSecrets: 2, credentials: 2 })
    expect(await finishReseal(storage, SECOND, NOW)).toMatchObject({ totpSecrets: 0, credentials: 0 })
  })
}
