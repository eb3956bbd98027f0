// The contract of second factors: one per person, a code's time step used once, and whose secret it is.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { START_MS } from './samples.ts'

const ENROLMENT = { sealedSecret: 'sealed-1', step: 100, at: START_MS }

export function describeSecondFactors(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('a person has the factor they enrolled, and no second one in its place', async () => {
    const { secondFactors } = fixture.storage
    expect(await secondFactors.findTotp('usr_alice')).toBeUndefined()
    expect(await secondFactors.enrolTotp('usr_alice', ENROLMENT)).toBe(true)
    expect(await secondFactors.enrolTotp('usr_alice', { ...ENROLMENT, sealedSecret: 'sealed-2' })).toBe(false)
    expect(await secondFactors.findTotp('usr_alice')).toEqual({
      sealedSecret: 'sealed-1',
      enrolledAt: START_MS,
    })
    expect(await secondFactors.findTotp('usr_bob')).toBeUndefined()
    await secondFactors.remove('usr_alice')
    await secondFactors.remove('usr_alice')
    expect(await secondFactors.findTotp('usr_alice')).toBeUndefined()
  })

  test('a step counts once, and none before it afterwards; that of the enrolment is used', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_carol', ENROLMENT)
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

  test('of many that use one step, or enrol at once, in two processes, exactly one succeeds', async () => {
    const other = await fixture.openAgain()
    const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? other : fixture.storage))
    const enrolled = await Promise.all(
      callers.map(({ secondFactors }) => secondFactors.enrolTotp('usr_dora', ENROLMENT)),
    )
    expect(enrolled.filter(Boolean)).toHaveLength(1)
    const used = await Promise.all(
      callers.map(({ secondFactors }) =>
        secondFactors.useTotpStep('usr_dora', { sealedSecret: 'sealed-1', step: 101 }),
      ),
    )
    expect(used.filter(Boolean)).toHaveLength(1)
  })

  test('a secret of the configuration replaces any other, and goes without taking an enrolled one', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_erin', ENROLMENT)
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
    await secondFactors.removeConfiguredTotp('usr_erin')
    expect(await secondFactors.findTotp('usr_erin')).toBeUndefined()
  })

  test('a reset takes what the person enrolled, tells what, and leaves the configuration and others alone', async () => {
    const { secondFactors } = fixture.storage
    await secondFactors.enrolTotp('usr_fay', ENROLMENT)
    await secondFactors.enrolTotp('usr_gus', ENROLMENT)
    expect(await secondFactors.removeEnrolled('usr_fay')).toMatchObject({ totp: true })
    expect(await secondFactors.findTotp('usr_fay')).toBeUndefined()
    expect(await secondFactors.removeEnrolled('usr_fay')).toMatchObject({ totp: false })
    expect(await secondFactors.findTotp('usr_gus')).toBeDefined()
    const ofFile = { sealedSecret: 'of-file', fingerprint: 'print', at: START_MS }
    await secondFactors.replaceTotp('usr_gus', ofFile)
    expect(await secondFactors.removeEnrolled('usr_gus')).toMatchObject({ totp: false })
    expect((await secondFactors.findTotp('usr_gus'))?.sealedSecret).toBe('of-file')
  })
}
