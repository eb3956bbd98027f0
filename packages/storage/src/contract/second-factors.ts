// The contract of second factors: one TOTP secret per user, each time step used once, and the origin of the secret.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, sampleSecurityEvent, START_MS } from './samples.ts'

const PASSKEY = {
  id: 'key-a',
  publicKey: 'cose',
  counter: 7,
  transports: ['usb', 'nfc'],
  synced: false,
  rpId: 'idp.acme.test',
  name: 'Key on my keyring',
  createdAt: START_MS,
}
const RECORD = { log: 'factors', event: sampleEvent(1) }
const ENROLMENT = { sealedSecret: 'sealed-1', step: 100, at: START_MS }

const describeReset = () => ({ event: RECORD, securityEvents: [] })

export function describeSecondFactors(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('an enrolled factor cannot be replaced by a second enrolment', async () => {
    const { secondFactors } = fixture.storage
    expect(await secondFactors.findTotp('usr_alice')).toBeUndefined()
    expect(await secondFactors.enrolTotp('usr_alice', ENROLMENT, RECORD)).toBe(true)
    expect(
      await secondFactors.enrolTotp('usr_alice', { ...ENROLMENT, sealedSecret: 'sealed-2' }, RECORD),
    ).toBe(false)
    expect(await secondFactors.findTotp('usr_alice')).toEqual({
      sealedSecret: 'sealed-1',
      enrolledAt: START_MS,
    })
    expect(await secondFactors.findTotp('usr_bob')).toBeUndefined()
    await secondFactors.enrolTotp('usr_bob', ENROLMENT, RECORD)
    expect(await secondFactors.resealTotp('usr_bob', 'sealed-before', 'sealed-late')).toBe(false)
    expect(await secondFactors.findTotp('usr_bob')).toMatchObject({ sealedSecret: 'sealed-1' })
    await secondFactors.remove('usr_alice')
    await secondFactors.remove('usr_alice')
    expect(await secondFactors.findTotp('usr_alice')).toBeUndefined()
    expect(await secondFactors.findTotp('usr_bob')).toBeDefined()
  })

  test('a step counts once, earlier steps no longer count, and the step of the enrolment is used', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_carol', ENROLMENT, RECORD)
    const use = (step: number, sealedSecret = 'sealed-1') =>
      secondFactors.useTotpStep('usr_carol', { sealedSecret, step })
    expect(await use(99)).toBe(false)
    expect(await use(100)).toBe(false)
    expect(await use(102, 'sealed-before')).toBe(false)
    expect(await use(102)).toBe(true)
    expect(await use(102)).toBe(false)
    expect(await use(101)).toBe(false)
    expect(await use(103)).toBe(true)
    expect(await secondFactors.useTotpStep('usr_nobody', { sealedSecret: 'sealed-1', step: 200 })).toBe(false)
  })

  test('exactly one of many concurrent uses or enrolments in two processes succeeds', async () => {
    const other = await fixture.openAgain()
    const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? other : fixture.storage))
    const enrolled = await Promise.all(
      callers.map(({ secondFactors }) => secondFactors.enrolTotp('usr_dora', ENROLMENT, RECORD)),
    )
    expect(enrolled.filter(Boolean)).toHaveLength(1)
    const used = await Promise.all(
      callers.map(({ secondFactors }) =>
        secondFactors.useTotpStep('usr_dora', { sealedSecret: 'sealed-1', step: 101 }),
      ),
    )
    expect(used.filter(Boolean)).toHaveLength(1)
  })

  test('changes of many users at the same time, in two processes, are all recorded in one chain', async () => {
    const other = await fixture.openAgain()
    const { events } = fixture.storage
    const { log } = RECORD
    const before = (await events.verify(log)).events
    const enrolled = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? other : fixture.storage).secondFactors.enrolTotp(
          `usr_many-${index}`,
          ENROLMENT,
          RECORD,
        ),
      ),
    )
    expect(enrolled).toEqual(Array(20).fill(true))
    const listed = (await other.secondFactors.listTotp('usr_many')).map(({ userId }) => userId)
    expect(listed).toEqual(listed.toSorted())
    expect(await events.verify(log)).toMatchObject({ ok: true, events: before + 20 })
  })

  test('a configured secret replaces any other, and removing it keeps an enrolled one', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_erin', ENROLMENT, RECORD)
    expect(await secondFactors.totpFingerprint('usr_erin')).toBeUndefined()
    await secondFactors.removeConfiguredTotp('usr_erin')
    expect((await secondFactors.findTotp('usr_erin'))?.sealedSecret).toBe('sealed-1')
    await secondFactors.replaceTotp('usr_erin', {
      sealedSecret: 'of-file',
      fingerprint: 'print',
      at: START_MS + 1,
    })
    expect(await secondFactors.findTotp('usr_erin')).toEqual({
      sealedSecret: 'of-file',
      enrolledAt: START_MS + 1,
    })
    expect(await secondFactors.totpFingerprint('usr_erin')).toBe('print')
    expect(await secondFactors.useTotpStep('usr_erin', { sealedSecret: 'of-file', step: 0 })).toBe(true)
    await secondFactors.removeConfiguredTotp('usr_bob')
    expect(await secondFactors.findTotp('usr_erin')).toBeDefined()
    await secondFactors.removeConfiguredTotp('usr_erin')
    expect(await secondFactors.findTotp('usr_erin')).toBeUndefined()
  })

  test('a reset removes and returns what the user enrolled, but no configured factors and no others', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_fay', ENROLMENT, RECORD)
    await secondFactors.enrolTotp('usr_gus', ENROLMENT, RECORD)
    const countRecorded = async () => (await fixture.storage.events.verify(RECORD.log)).events
    const before = await countRecorded()
    expect(await secondFactors.removeEnrolled('usr_fay', describeReset)).toEqual({ totp: true, passkeys: [] })
    expect(await countRecorded()).toBe(before + 1)
    expect(await secondFactors.findTotp('usr_fay')).toBeUndefined()
    expect(await secondFactors.removeEnrolled('usr_fay', describeReset)).toMatchObject({ totp: false })
    expect(await secondFactors.findTotp('usr_gus')).toBeDefined()
    const ofFile = { sealedSecret: 'of-file', fingerprint: 'print', at: START_MS }
    await secondFactors.replaceTotp('usr_gus', ofFile)
    expect(await secondFactors.removeEnrolled('usr_gus', describeReset)).toMatchObject({ totp: false })
    expect((await secondFactors.findTotp('usr_gus'))?.sealedSecret).toBe('of-file')
  })

  test('a user can have any number of passkeys, with ids unique among all users', async () => {
    const { secondFactors } = fixture.storage
    const second = { ...PASSKEY, id: 'key-b', name: 'Phone', synced: true, createdAt: START_MS + 1 }
    expect(await secondFactors.listPasskeys('usr_hal')).toEqual([])
    expect(await secondFactors.addPasskey('usr_hal', second, RECORD)).toBe(true)
    expect(await secondFactors.addPasskey('usr_hal', PASSKEY, RECORD)).toBe(true)
    expect(await secondFactors.addPasskey('usr_ivy', { ...PASSKEY, name: 'Stolen' }, RECORD)).toBe(false)
    expect(await secondFactors.listPasskeys('usr_hal')).toEqual([PASSKEY, second])
    expect(await secondFactors.listPasskeys('usr_ivy')).toEqual([])
    expect(await secondFactors.removePasskey('usr_ivy', 'key-b', RECORD)).toBe(false)
    expect(await secondFactors.removePasskey('usr_hal', 'key-b', RECORD)).toBe(true)
    expect(await secondFactors.removePasskey('usr_hal', 'key-b', RECORD)).toBe(false)
    expect(await secondFactors.listPasskeys('usr_hal')).toEqual([PASSKEY])
  })

  test('the last factor of a user stays, even if two processes remove all of them', async () => {
    const { secondFactors } = fixture.storage
    const other = await fixture.openAgain()
    for (let round = 0; round < 5; round += 1) {
      const [user, ids] = [`usr_ned${round}`, [`key-n${round}`, `key-o${round}`]]
      for (const id of ids) await secondFactors.addPasskey(user, { ...PASSKEY, id }, RECORD)
      const removed = await Promise.all(
        ids.map((id, index) =>
          (index === 0 ? fixture.storage : other).secondFactors.removePasskey(user, id, RECORD),
        ),
      )
      expect(removed.toSorted()).toEqual([false, true])
      const [left] = await secondFactors.listPasskeys(user)
      expect(await secondFactors.removePasskey(user, left?.id ?? '', RECORD)).toBe(false)
      await secondFactors.enrolTotp(user, ENROLMENT, RECORD)
      expect(await secondFactors.removePasskey(user, left?.id ?? '', RECORD)).toBe(true)
    }
  })

  test('the counter of a passkey advances once from the value seen, even with two processes', async () => {
    const { secondFactors } = fixture.storage
    const other = await fixture.openAgain()
    await secondFactors.addPasskey('usr_jan', { ...PASSKEY, id: 'key-c' }, RECORD)
    const use = (change: object, { secondFactors: where } = fixture.storage, userId = 'usr_jan') =>
      where.usePasskey(userId, { id: 'key-c', seenCounter: 7, counter: 8, at: START_MS + 5, ...change })
    expect(await use({}, fixture.storage, 'usr_kim')).toBe(false)
    expect(await use({ seenCounter: 6 })).toBe(false)
    const used = await Promise.all([use({}), use({}, other), use({}), use({}, other)])
    expect(used.filter(Boolean)).toHaveLength(1)
    expect(await secondFactors.listPasskeys('usr_jan')).toMatchObject([
      { counter: 8, lastUsedAt: START_MS + 5 },
    ])
    expect(await use({ seenCounter: 8, counter: 4_000_000_000 })).toBe(true)
    // If the authenticator does not count, every use is accepted.
    await secondFactors.addPasskey('usr_jan', { ...PASSKEY, id: 'key-d', counter: 0 }, RECORD)
    const uncounted = { id: 'key-d', seenCounter: 0, counter: 0 }
    expect([await use(uncounted), await use(uncounted)]).toEqual([true, true])
  })

  test('passkeys are removed by a reset, and with the user', async () => {
    const { secondFactors } = fixture.storage
    for (const id of ['key-e', 'key-f']) await secondFactors.addPasskey('usr_lea', { ...PASSKEY, id }, RECORD)
    await secondFactors.addPasskey('usr_max', { ...PASSKEY, id: 'key-g' }, RECORD)
    expect(await secondFactors.removeEnrolled('usr_lea', describeReset)).toMatchObject({
      totp: false,
      passkeys: [{ id: 'key-e' }, { id: 'key-f' }],
    })
    expect(await secondFactors.listPasskeys('usr_lea')).toEqual([])
    await secondFactors.enrolTotp('usr_max', ENROLMENT, RECORD)
    await secondFactors.remove('usr_lea')
    expect(await secondFactors.listPasskeys('usr_max')).toMatchObject([{ id: 'key-g' }])
    await secondFactors.remove('usr_max')
    expect(await secondFactors.listPasskeys('usr_max')).toEqual([])
    expect(await secondFactors.findTotp('usr_max')).toBeUndefined()
  })

  test('every change is stored together with its event, or not at all', async () => {
    const { secondFactors, events, securityEvents } = fixture.storage
    const recorded = async () => (await events.list({ log: 'kept', limit: 10 })).items.length
    const good = { log: 'kept', event: sampleEvent(1) }
    const bad = { log: 'kept', event: { ...sampleEvent(1), time: 'never' } }
    const keys = ['key-p', 'key-q'].map((id) => ({ ...PASSKEY, id }))
    const [first = PASSKEY, second = PASSKEY] = keys
    const { enrolTotp, addPasskey, removePasskey, removeEnrolled } = secondFactors
    const told = [sampleSecurityEvent('reset', 1)]
    const changes = [
      (event: typeof good) => enrolTotp('usr_oda', ENROLMENT, event),
      (event: typeof good) => addPasskey('usr_oda', first, event),
      (event: typeof good) => addPasskey('usr_oda', second, event),
      (event: typeof good) => removePasskey('usr_oda', second.id, event),
      (event: typeof good) => removeEnrolled('usr_oda', () => ({ event, securityEvents: told })),
    ]
    const held = async () => [
      await secondFactors.findTotp('usr_oda'),
      await secondFactors.listPasskeys('usr_oda'),
    ]
    for (const [count, change] of changes.entries()) {
      const before = await held()
      await expect(change(bad)).rejects.toThrow(TypeError)
      expect([await held(), await recorded()]).toEqual([before, count])
      expect(await securityEvents.peek('reset', 9)).toEqual([])
      expect(await change(good)).toBeTruthy()
      expect(await recorded()).toBe(count + 1)
      expect(await held()).not.toEqual(before)
    }
    expect(await securityEvents.peek('reset', 9)).toMatchObject([{ id: 'jti-1' }])

    // What changes nothing is not recorded.
    await enrolTotp('usr_oda', ENROLMENT, good)
    expect(await enrolTotp('usr_oda', ENROLMENT, bad)).toBe(false)
    await addPasskey('usr_pia', first, good)
    expect(await addPasskey('usr_oda', first, bad)).toBe(false)
    expect(await removePasskey('usr_pia', first.id, bad)).toBe(false)
    const none = { totp: false, passkeys: [] }
    expect(await removeEnrolled('usr_nobody', () => ({ event: bad, securityEvents: [] }))).toEqual(none)
  })
}
