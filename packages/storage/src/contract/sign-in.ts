// The contract of the sign-in provider's records: they expire, are consumed once, and go by grant.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { START_MS } from './samples.ts'

export function describeSignIn(kind: TestDatabaseKind): void {
  let nowMs = START_MS
  const fixture = useStorage(kind, { clock: { nowMs: () => nowMs } })

  test('finds records by id, uid and user code within their model', async () => {
    const { signIn } = fixture.storage
    const payload = { uid: 'uid-1', userCode: 'CODE', grantId: 'g-1', deep: { list: [1, 'a', null] } }
    await signIn.upsert('Session', 's1', payload, 60)
    expect(await signIn.find('Session', 's1')).toEqual(payload)
    expect(await signIn.findByUid('Session', 'uid-1')).toEqual(payload)
    expect(await signIn.findByUserCode('Session', 'CODE')).toEqual(payload)
    expect(await signIn.find('Grant', 's1')).toBeUndefined()
    expect(await signIn.findByUid('Grant', 'uid-1')).toBeUndefined()
    await signIn.upsert('Session', 's1', { uid: 'uid-2' }, 60)
    expect(await signIn.findByUid('Session', 'uid-1')).toBeUndefined()
    expect(await signIn.find('Session', 's1')).toEqual({ uid: 'uid-2' })
    await signIn.destroy('Session', 's1')
    expect(await signIn.find('Session', 's1')).toBeUndefined()
  })

  test('expired records read as missing, both edges, and are then forgotten', async () => {
    const { signIn, expiry } = fixture.storage
    await signIn.upsert('Interaction', 'i1', { uid: 'u-i1' }, 10)
    await signIn.upsert('Interaction', 'forever', {})
    nowMs += 9_999
    expect(await signIn.find('Interaction', 'i1')).toEqual({ uid: 'u-i1' })
    expect(await expiry.forgetExpiredSignInRecords(nowMs / 1000)).toBe(0)
    nowMs += 1
    expect(await signIn.find('Interaction', 'i1')).toBeUndefined()
    expect(await signIn.findByUid('Interaction', 'u-i1')).toBeUndefined()
    expect(await signIn.consume('Interaction', 'i1', nowMs / 1000)).toBe(false)
    nowMs += 1
    expect(await expiry.forgetExpiredSignInRecords(nowMs / 1000)).toBe(1)
    expect(await signIn.find('Interaction', 'forever')).toEqual({})
  })

  test('of many that consume one record, in two processes, exactly one succeeds', async () => {
    const other = await fixture.openAgain()
    await fixture.storage.signIn.upsert('AuthorizationCode', 'c1', { grantId: 'g' }, 60)
    const consumers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? other : fixture.storage))
    const won = await Promise.all(
      consumers.map(({ signIn }) => signIn.consume('AuthorizationCode', 'c1', 77)),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await other.signIn.find('AuthorizationCode', 'c1')).toEqual({ grantId: 'g', consumed: 77 })
    expect(await other.signIn.consume('AuthorizationCode', 'none', 77)).toBe(false)
  })

  test('saving a used record again does not make it new', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('RefreshToken', 'r1', { a: 1 }, 60)
    await signIn.consume('RefreshToken', 'r1', 78)
    await signIn.upsert('RefreshToken', 'r1', { a: 2 }, 60)
    expect(await signIn.find('RefreshToken', 'r1')).toEqual({ a: 2, consumed: 78 })
    expect(await signIn.consume('RefreshToken', 'r1', 79)).toBe(false)
  })

  test('withdraws the records of one grant in one model', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('AccessToken', 'a1', { grantId: 'gone' })
    await signIn.upsert('AccessToken', 'a2', { grantId: 'kept' })
    await signIn.upsert('RefreshToken', 'a1', { grantId: 'gone' })
    await signIn.revokeByGrantId('AccessToken', 'gone')
    expect(await signIn.find('AccessToken', 'a1')).toBeUndefined()
    expect(await signIn.find('AccessToken', 'a2')).toBeDefined()
    expect(await signIn.find('RefreshToken', 'a1')).toBeDefined()
  })
}
