// A refresh token is used, its successor stored and the decision recorded together: if the database fails at any of these
// steps, the old token still works, and nothing is recorded as issued. Of two requests with one token, one wins, and the
// other one revokes the family, with all that its ID tokens led to.
import { randomBytes } from 'node:crypto'

import { GRANT_TYPE } from '@crosswalk/protocol'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { basic, exchange, isLive, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Fault, withFault } from '../support/with-fault.ts'

const KEY = randomBytes(32).toString('hex')

const STEPS: readonly (readonly [string, Fault])[] = [
  ['the replay key', { table: 'replay_keys', on: 'insert', when: "new.kind = 'refresh-token'" }],
  ['the use', { table: 'sign_in_records', on: 'update', when: 'new.consumed_at is not null' }],
  ['the new refresh token', { table: 'sign_in_records', on: 'insert', when: "new.model = 'RefreshToken'" }],
  ['the access token', { table: 'sign_in_records', on: 'insert', when: "new.model = 'AccessToken'" }],
  ['the event', { table: 'audit_events', on: 'insert', when: "new.type = 'signin.tokens_issued'" }],
  ['the head of the chain', { table: 'audit_heads', on: 'update' }],
]

/** Of ending what a sign-in led to whose token was used twice, or revoked */
const ENDING: readonly (readonly [string, Fault])[] = [
  ['the ID-JAGs', { table: 'received_withdrawals', on: 'insert' }],
  ['the access tokens', { table: 'access_tokens', on: 'update' }],
  ['the event', { table: 'audit_events', on: 'insert', when: "new.type = 'token.revoked'" }],
  ['the grant', { table: 'sign_in_records', on: 'delete' }],
]

const refreshAt = (baseUrl: string, refreshToken: string) =>
  postForm(
    `${baseUrl}/token`,
    { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken },
    { authorization: basic(AGENT) },
  )

describeOnDatabases('a refresh on $name', (kind) => {
  const isPostgres = kind.name === 'postgres'
  let server: TestServer
  const refresh = (refreshToken: string) => refreshAt(server.baseUrl, refreshToken)
  const revoke = (token: string) =>
    postForm(`${server.baseUrl}/revoke`, { token }, { authorization: basic(AGENT) })
  const countIssued = () =>
    server.events(async (reader) => {
      const { items } = await reader.list({ types: ['signin.tokens_issued'], limit: 500 })
      return items.length
    })

  beforeAll(async () => {
    server = await startTestServer({ file: company, database: await kind.create(), key: KEY })
  })
  afterAll(() => server.stop())

  it.each(STEPS)('that fails at %s issues nothing, and the token still works', async (_, fault) => {
    const { refreshToken } = await signInFor(server.baseUrl, 'alice')
    const before = await countIssued()
    const failed = await withFault(server.database, fault, () => refresh(refreshToken))
    expect([failed.status >= 500, failed.body.refresh_token]).toEqual([true, undefined])
    expect(await countIssued()).toBe(before)
    const renewed = await refresh(refreshToken)
    expect([renewed.status, await countIssued()]).toEqual([200, before + 1])
    // Used twice by now, so its successor is revoked too.
    expect((await refresh(refreshToken)).body.error).toBe('invalid_grant')
    expect((await refresh(String(renewed.body.refresh_token))).body.error).toBe('invalid_grant')
  })

  it.each(
    ENDING.flatMap(([step, fault]) => [
      ['uses a token twice', step, fault, refresh] as const,
      ['revokes a token', step, fault, revoke] as const,
    ]),
  )('that %s and fails at %s ends its family at the next attempt', async (what, _, fault, act) => {
    const { idToken, refreshToken } = await signInFor(server.baseUrl, 'alice')
    const ask = async () => (await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token
    const access = String((await redeem(server.baseUrl, String(await ask()))).body.access_token)
    const next = String((await refresh(refreshToken)).body.refresh_token)
    const used = what === 'revokes a token' ? next : refreshToken
    expect((await withFault(server.database, fault, () => act(used))).status).toBeGreaterThanOrEqual(500)
    expect((await act(used)).status).toBeLessThan(500)
    expect([await ask(), await isLive(server.baseUrl, access)]).toEqual([undefined, false])
    expect((await refresh(next)).body.error).toBe('invalid_grant')
  })

  it('of two requests with one token, one wins, and both lose its family', async () => {
    const { refreshToken } = await signInFor(server.baseUrl, 'alice')
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    for (const { body } of answers.filter(({ status }) => status === 200))
      expect((await refresh(String(body.refresh_token))).body.error).toBe('invalid_grant')
  })

  if (isPostgres)
    it('the same on two nodes that read the token at the same time', async () => {
      const other = await startTestServer({ file: company, database: server.database, key: KEY })
      const { refreshToken } = await signInFor(server.baseUrl, 'alice')
      const client = new pg.Client({ connectionString: server.database })
      await client.connect()
      await client.query('begin; lock table replay_keys in exclusive mode')
      const asked = [server, other].map(({ baseUrl }) => refreshAt(baseUrl, refreshToken))
      await vi.waitFor(async () => {
        const { rows } = await client.query('select from pg_locks where not granted')
        expect(rows).toHaveLength(2)
      })
      await client.query('commit')
      await client.end()
      const answers = await Promise.all(asked)
      expect(answers.map(({ status, body }) => body.error ?? status).sort()).toEqual([200, 'invalid_grant'])
      for (const { body } of answers.filter(({ status }) => status === 200))
        expect((await refreshAt(other.baseUrl, String(body.refresh_token))).body.error).toBe('invalid_grant')
      await other.stop()
    })
})
