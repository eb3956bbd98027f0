// The contract of the sign-in provider's records: they expire, are consumed once, and are revoked by grant.
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { readRows } from './run-statement.ts'
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

  test('finds all records with a uid, of any model, that have not expired', async () => {
    const { signIn } = fixture.storage
    const grant = { uid: 'u-all', jti: 'g-all', clientId: 'editor' }
    await signIn.upsert('Session', 's-all', { uid: 'u-all', jti: 's-all' }, 60)
    await signIn.upsert('Grant', 'g-all', grant, 60)
    await signIn.upsert('Grant', 'g-short', { uid: 'u-all' }, 10)
    await signIn.upsert('Grant', 'g-other', { uid: 'u-other' }, 60)
    nowMs += 10_000
    const found = await signIn.findAllByUid('u-all')
    // The id of a session is its cookie, which only its holder can read.
    expect(found.toSorted((a, b) => a.model.localeCompare(b.model))).toEqual([
      { model: 'Grant', payload: grant },
      { model: 'Session', payload: { uid: 'u-all' } },
    ])
    nowMs += 50_000
    expect(await signIn.findAllByUid('u-all')).toEqual([])
  })

  test('expired records are not found, exact at both edges, and are then removed', async () => {
    const { signIn, expiry } = fixture.storage
    await signIn.upsert('Interaction', 'i1', { uid: 'u-i1' }, 10)
    await signIn.upsert('Interaction', 'forever', {})
    nowMs += 9_999
    expect(await signIn.find('Interaction', 'i1')).toEqual({ uid: 'u-i1' })
    await expiry.forgetExpired(nowMs / 1000)
    nowMs += 1
    expect(await signIn.find('Interaction', 'i1')).toBeUndefined()
    expect(await signIn.findByUid('Interaction', 'u-i1')).toBeUndefined()
    expect(await signIn.consume('Interaction', 'i1', nowMs / 1000)).toBe(false)
    expect(await expiry.forgetExpired(nowMs / 1000)).toMatchObject({ signInRecords: 0 })
    nowMs += 1
    expect(await expiry.forgetExpired(nowMs / 1000)).toMatchObject({ signInRecords: 1 })
    expect(await signIn.find('Interaction', 'forever')).toEqual({})
  })

  test('keeps the consents of a user by server, account and app for half a year', async () => {
    const { consents } = fixture.storage
    await consents.remember('todo0', 'acc_1', 'editor', { 'https://todo.test/': ['read'] })
    await consents.remember('todo0', 'acc_1', 'editor', { 'https://todo.test/': ['read', 'write'] })
    expect(await consents.find('todo0', 'acc_1', 'editor')).toEqual({
      'https://todo.test/': ['read', 'write'],
    })
    for (const [server, account, app] of [
      ['notes0', 'acc_1', 'editor'],
      ['todo0', 'acc_2', 'editor'],
      ['todo0', 'acc_1', 'other'],
    ] as const)
      expect(await consents.find(server, account, app)).toBeUndefined()
    nowMs += 180 * 86_400_000 - 1
    expect(await consents.find('todo0', 'acc_1', 'editor')).toBeDefined()
    nowMs += 1
    expect(await consents.find('todo0', 'acc_1', 'editor')).toBeUndefined()
  })

  test('an expired session is not found by its uid, exact at both edges', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('Session', 's-ends', { uid: 'u-ends', accountId: 'usr_alice' }, 10)
    await signIn.upsert('Session', 's-stays', { uid: 'u-stays' })
    const find = (uid: string) => signIn.findByUid('Session', uid)
    nowMs += 9_999
    expect(await find('u-ends')).toMatchObject({ accountId: 'usr_alice' })
    nowMs += 1
    expect(await find('u-ends')).toBeUndefined()
    expect(await find('u-stays')).toMatchObject({ uid: 'u-stays' })
    // A session that is used again before it expires continues.
    await signIn.upsert('Session', 's-ends', { uid: 'u-ends' }, 10)
    expect(await find('u-ends')).toMatchObject({ uid: 'u-ends' })
  })

  test('rows contain neither ids nor payloads in the clear, and an id opens only its own record', async () => {
    const { signIn } = fixture.storage
    const id = 'a-refresh-token-of-43-characters-drawn-at-random'
    await signIn.upsert('RefreshToken', id, { jti: id, scope: 'openid-of-this-one' }, 60)
    await signIn.upsert(
      'Session',
      `s-${id}`,
      { jti: `s-${id}`, uid: 'u-secret', accountId: 'usr_secret' },
      60,
    )
    const { rows } = await readRows(fixture.url, sql`select * from sign_in_records`)
    const text = JSON.stringify(rows)
    expect(text).not.toContain(id)
    expect(text).not.toContain('openid-of-this-one')
    // Records that are found by something other than their id are readable.
    expect(text).toContain('usr_secret')
    expect(await signIn.find('RefreshToken', id)).toEqual({ jti: id, scope: 'openid-of-this-one' })
    expect(await signIn.find('Session', `s-${id}`)).toMatchObject({ jti: `s-${id}`, accountId: 'usr_secret' })
    expect(await signIn.findByUid('Session', 'u-secret')).toEqual({
      uid: 'u-secret',
      accountId: 'usr_secret',
    })
    // The stored digest is not a valid id.
    for (const { id: stored } of rows as readonly { id: string }[])
      expect(await signIn.find('RefreshToken', stored)).toBeUndefined()
  })

  test('replacing or removing a record keeps those of other models with the same id', async () => {
    const { signIn } = fixture.storage
    for (const model of ['Session', 'Interaction']) await signIn.upsert(model, 'moved', { grantId: 'g' }, 60)
    const next = { id: 'moved-on', payload: { grantId: 'h' }, expiresInSeconds: 60 }
    await signIn.update('Session', 'moved', next)
    expect(await signIn.find('Session', 'moved-on')).toEqual({ grantId: 'h' })
    expect(await signIn.find('Interaction', 'moved')).toEqual({ grantId: 'g' })
    for (const model of ['AccessToken', 'RefreshToken'])
      await signIn.upsert(model, 'same', { grantId: 'g' }, 60)
    await signIn.destroy('AccessToken', 'same')
    expect(await signIn.find('AccessToken', 'same')).toBeUndefined()
    expect(await signIn.find('RefreshToken', 'same')).toEqual({ grantId: 'g' })
  })

  test('exactly one of many processes consuming a record succeeds', async () => {
    const other = await fixture.openAgain()
    for (const model of ['AuthorizationCode', 'RefreshToken'])
      await fixture.storage.signIn.upsert(model, 'c1', { grantId: 'g' }, 60)
    const consumers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? other : fixture.storage))
    const won = await Promise.all(
      consumers.map(({ signIn }) => signIn.consume('AuthorizationCode', 'c1', 77)),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await other.signIn.find('AuthorizationCode', 'c1')).toEqual({ grantId: 'g', consumed: 77 })
    expect(await other.signIn.find('RefreshToken', 'c1')).toEqual({ grantId: 'g' })
    expect(await other.signIn.consume('AuthorizationCode', 'none', 77)).toBe(false)
  })

  test('of records saved with saveLater by two processes, the one that expires last stays', async () => {
    const { signIn } = fixture.storage
    const other = (await fixture.openAgain()).signIn
    const now = nowMs / 1000
    for (let round = 0; round < 5; round += 1) {
      const id = `later-${round}`
      const moments = [3, 9, 1, 7, 10, 2, 10, 8, 4, 6]
      const saved = await Promise.all(
        moments.map((moment, index) =>
          (index % 2 === 0 ? signIn : other).saveLater('UpstreamEnd', id, { until: moment }, now + moment),
        ),
      )
      expect(await signIn.find('UpstreamEnd', id)).toEqual({ until: 10 })
      expect(saved.filter((one, index) => one && moments[index] === 10)).toHaveLength(1)
    }
    expect(await signIn.saveLater('UpstreamEnd', 'edge', { a: 1 }, now + 10)).toBe(true)
    expect(await signIn.saveLater('UpstreamEnd', 'edge', { a: 2 }, now + 10)).toBe(false)
    expect(await signIn.saveLater('UpstreamEnd', 'edge', { a: 3 }, now + 11)).toBe(true)
    expect(await signIn.find('UpstreamEnd', 'edge')).toEqual({ a: 3 })
  })

  test('saving a used record again does not make it unused', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('RefreshToken', 'r1', { a: 1 }, 60)
    await signIn.consume('RefreshToken', 'r1', 78)
    await signIn.upsert('RefreshToken', 'r1', { a: 2 }, 60)
    expect(await signIn.find('RefreshToken', 'r1')).toEqual({ a: 2, consumed: 78 })
    expect(await signIn.consume('RefreshToken', 'r1', 79)).toBe(false)
  })

  test('saves a record under another id, but not a record that has been removed', async () => {
    const { signIn } = fixture.storage
    const next = { id: 'n2', payload: { uid: 'u-n', jti: 'n2' }, expiresInSeconds: 60 }
    await signIn.upsert('Session', 'n1', { uid: 'u-n', jti: 'n1' }, 60)
    await signIn.update('Session', 'n1', next)
    expect(await signIn.find('Session', 'n1')).toBeUndefined()
    expect(await signIn.find('Session', 'n2')).toEqual({ uid: 'u-n', jti: 'n2' })
    await signIn.update('Grant', 'n2', next)
    expect(await signIn.find('Grant', 'n2')).toBeUndefined()
    await signIn.destroy('Session', 'n2')
    await signIn.update('Session', 'n2', next)
    expect(await signIn.find('Session', 'n2')).toBeUndefined()
    await signIn.upsert('RefreshToken', 'n3', {}, 60)
    await signIn.consume('RefreshToken', 'n3', 80)
    await signIn.update('RefreshToken', 'n3', { id: 'n3', payload: { a: 1 }, expiresInSeconds: 60 })
    expect(await signIn.find('RefreshToken', 'n3')).toEqual({ a: 1, consumed: 80 })
  })

  test('a record that is saved again can end earlier, exact at both edges', async () => {
    const { signIn } = fixture.storage
    const payload = { uid: 'u-earlier', jti: 'earlier' }
    await signIn.upsert('Session', 'earlier', payload, 43_200)
    await signIn.update('Session', 'earlier', { id: 'earlier', payload, expiresInSeconds: 9.5 })
    nowMs += 9_499
    expect(await signIn.findByUid('Session', 'u-earlier')).toEqual({ uid: 'u-earlier' })
    nowMs += 1
    expect(await signIn.findByUid('Session', 'u-earlier')).toBeUndefined()
    expect(await signIn.find('Session', 'earlier')).toBeUndefined()
    await signIn.upsert('Grant', 'earlier', {}, 60)
    await signIn.update('Grant', 'earlier', { id: 'earlier', payload: {}, expiresInSeconds: -1 })
    expect(await signIn.find('Grant', 'earlier')).toBeUndefined()
  })

  test('no record survives the revocation of its grant while another process saves it again', async () => {
    const other = await fixture.openAgain()
    const { signIn } = fixture.storage
    const payload = { grantId: 'user:usr_raced' }
    for (let round = 0; round < 20; round += 1) {
      const id = `raced-${round}`
      await signIn.upsert('Session', `${id} before`, payload, 60)
      await Promise.all([
        other.signIn.update('Session', `${id} before`, { id, payload, expiresInSeconds: 60 }),
        signIn.revokeByGrantId('Session', payload.grantId),
      ])
      expect(await signIn.find('Session', `${id} before`)).toBeUndefined()
      expect(await signIn.find('Session', id)).toBeUndefined()
    }
  })

  test('revokes only the records of one grant in one model', async () => {
    const { signIn } = fixture.storage
    await signIn.upsert('AccessToken', 'a1', { grantId: 'gone' })
    await signIn.upsert('AccessToken', 'a2', { grantId: 'kept' })
    await signIn.upsert('RefreshToken', 'a1', { grantId: 'gone' })
    await signIn.upsert('Session', 's-gone', { grantId: 'gone', uid: 'u-gone', jti: 's-gone' })
    expect(await signIn.revokeByGrantId('Session', 'gone')).toEqual([{ grantId: 'gone', uid: 'u-gone' }])
    expect(await signIn.revokeByGrantId('Session', 'gone')).toEqual([])
    await signIn.revokeByGrantId('AccessToken', 'gone')
    expect(await signIn.find('AccessToken', 'a1')).toBeUndefined()
    expect(await signIn.find('AccessToken', 'a2')).toBeDefined()
    expect(await signIn.find('RefreshToken', 'a1')).toBeDefined()
  })
}
