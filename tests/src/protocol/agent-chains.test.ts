// Agents that call agents: an API exchanges the access token it received for an ID-JAG for the next resource. Every app is named, access
// never widens, and ending one app's access ends everything issued from it.
import { type DecisionRecord, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import {
  chainedCompany,
  exchangeAccessToken,
  FILES,
  getAccessToken,
  NOTES_API,
  NOTES_API_AT_VENDOR,
  TODO_API,
  TODO_API_AT_VENDOR,
} from '../support/chain.ts'
import { AGENT, AGENT_AT_VENDOR, NOTES, TODO } from '../support/company.ts'
import {
  type Answer,
  basic,
  type ClientCredentials,
  exchange,
  postForm,
  redeem,
  signInFor,
} from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { makeDpopKey } from './support/proofs.ts'

describeOnDatabases('$name', (kind) => {
  let server: TestServer
  let admin: Admin
  let idToken: string
  const skew = { seconds: 0 }

  beforeAll(async () => {
    const database = await kind.create()
    const clock = { nowMs: () => Date.now() + skew.seconds * 1000 }
    server = await startTestServer({ file: (baseUrl) => chainedCompany(baseUrl), database, clock })
    admin = adminOf(server.baseUrl)
    idToken = (await signInFor(server.baseUrl, 'alice')).idToken
  })
  afterAll(() => server.stop())

  const getToken = (form?: Readonly<Record<string, string>>) => getAccessToken(server.baseUrl, idToken, form)
  const askNext = (token: string, form?: Readonly<Record<string, string>>, client?: ClientCredentials) =>
    exchangeAccessToken(server.baseUrl, token, form, client)
  const redeemNext = async (answer: Answer, client = TODO_API_AT_VENDOR) =>
    redeem(server.baseUrl, String(answer.body.access_token), {}, client)
  const findRecord = async ({ headers }: Answer): Promise<DecisionRecord> =>
    (await admin('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)).body as DecisionRecord

  async function isActive(token: string, client = TODO_API_AT_VENDOR): Promise<boolean> {
    const url = `${server.baseUrl}/as/vendor/introspect`
    return (await postForm(url, { token }, { authorization: basic(client) })).body.active === true
  }

  /** An access token for every app of the chain */
  async function walk() {
    const first = await getToken()
    const second = String((await redeemNext(await askNext(first))).body.access_token)
    const answer = await askNext(second, { resource: FILES }, NOTES_API)
    const third = String((await redeemNext(answer, NOTES_API_AT_VENDOR)).body.access_token)
    return { first, second, third, answer }
  }

  async function expectRefused(answer: Answer, code: string, error: string): Promise<void> {
    expect((await findRecord(answer)).code).toBe(code)
    expect([answer.status, answer.body.error]).toEqual([400, error])
  }

  describe('a chain', () => {
    it('names every app in ID-JAG, access token and record (ACT-08)', async () => {
      const { third, answer } = await walk()
      const iss = server.baseUrl
      const act = {
        ...{ iss, sub: NOTES_API.id, sub_profile: 'service' },
        act: {
          ...{ iss, sub: TODO_API.id, sub_profile: 'service' },
          act: { iss, sub: AGENT.id, sub_profile: 'ai_agent' },
        },
      }
      expect(decodeJwt(String(answer.body.access_token))).toMatchObject({ sub: 'usr_alice', act })
      expect(decodeJwt(third)).toMatchObject({ scope: 'files.read', act })
      const { request, granted } = await findRecord(answer)
      expect(granted?.act).toEqual(act)
      expect(request.actor).toMatchObject({ ref: NOTES_API.id })
      expect(request.subject).toMatchObject({
        ref: 'usr_alice',
        token_type: 'access_token',
        chain: {
          hops: [
            { app: AGENT.id, resource_app: 'todo0', connection: 'agent0-todo0' },
            { app: TODO_API.id, resource_app: 'notes0', connection: 'todo0-notes0' },
          ],
          scope: ['notes.read', 'notes.write'],
        },
      })
    })

    it('grants only scopes of the access token', async () => {
      const readOnly = await getToken({ scope: 'todos.read' })
      expect((await askNext(readOnly)).body.scope).toBe('notes.read')
      await expectRefused(await askNext(readOnly, { scope: 'notes.write' }), 'XAA1607', 'invalid_scope')
      expect((await askNext(await getToken(), { scope: 'notes.write' })).body.scope).toBe('notes.write')
    })

    it('grants no authorization details', async () => {
      const details = { authorization_details: JSON.stringify([{ type: 'note' }]) }
      await expectRefused(
        await askNext(await getToken(), details),
        'XAA1308',
        'invalid_authorization_details',
      )
    })

    it('ends with the first access token', async () => {
      const first = await getToken()
      const { exp = 0 } = decodeJwt(first)
      skew.seconds = exp - Math.floor(Date.now() / 1000) - 120
      try {
        const answer = await askNext(first)
        const idJag = decodeJwt(String(answer.body.access_token))
        expect(idJag.exp).toBeLessThanOrEqual(exp)
        const second = String((await redeemNext(answer)).body.access_token)
        expect(decodeJwt(second).exp).toBe(exp)
        skew.seconds = exp - Math.floor(Date.now() / 1000)
        await expectRefused(await askNext(first), 'XAA1217', 'invalid_grant')
      } finally {
        skew.seconds = 0
      }
    })
  })

  describe('an access token', () => {
    it('is exchanged only by the API it was issued for', async () => {
      const token = await getToken()
      await expectRefused(await askNext(token, { resource: FILES }, NOTES_API), 'XAA1218', 'invalid_grant')
      await expectRefused(await askNext(token, {}, AGENT), 'XAA1218', 'invalid_grant')
      expect((await askNext(token)).status).toBe(200)
    })

    it.each<readonly [string, () => Promise<string>]>([
      ['an ID token', async () => idToken],
      [
        'an ID-JAG',
        async () => String((await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token),
      ],
      ['a token of sign-in', async () => (await signInFor(server.baseUrl, 'alice')).accessToken],
      ['an altered token', async () => `${(await getToken()).slice(0, -8)}AAAAAAAA`],
      ['arbitrary text', async () => 'no token'],
    ])('is not %s', async (_, make) => {
      await expectRefused(await askNext(await make()), 'XAA1217', 'invalid_grant')
    })

    it('is not accepted as an ID token (IDP-37)', async () => {
      const form = { subject_token_type: TOKEN_TYPE.idToken }
      await expectRefused(await askNext(await getToken(), form), 'XAA1208', 'invalid_grant')
    })

    it('bound to a key requires a proof of it', async () => {
      const key = await makeDpopKey()
      const url = `${server.baseUrl}/as/vendor/token`
      const idJag = String((await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token)
      const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: idJag }
      const client = { authorization: basic(AGENT_AT_VENDOR), dpop: await key.prove(url) }
      const bound = String((await postForm(url, grant, client)).body.access_token)
      await expectRefused(await askNext(bound), 'XAA1219', 'invalid_grant')
      const ask = async (proof: string) =>
        postForm(
          `${server.baseUrl}/token`,
          {
            grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
            requested_token_type: TOKEN_TYPE.idJag,
            audience: `${server.baseUrl}/as/vendor`,
            resource: NOTES,
            subject_token: bound,
            subject_token_type: TOKEN_TYPE.accessToken,
          },
          { authorization: basic(TODO_API), dpop: proof },
        )
      const endpoint = `${server.baseUrl}/token`
      await expectRefused(await ask(await (await makeDpopKey()).prove(endpoint)), 'XAA1219', 'invalid_grant')
      expect((await ask(await key.prove(endpoint))).status).toBe(200)
    })
  })

  describe('revocation', () => {
    const reason = { body: { reason: 'test' } }

    it("of the first app's token revokes every token further down, and denies the next exchange", async () => {
      const { first, second, third } = await walk()
      expect(await isActive(third, NOTES_API_AT_VENDOR)).toBe(true)
      const waiting = await askNext(first)
      const revoke = `${server.baseUrl}/as/vendor/revoke`
      await postForm(revoke, { token: first }, { authorization: basic(AGENT_AT_VENDOR) })
      expect(await isActive(second)).toBe(false)
      expect(await isActive(third, NOTES_API_AT_VENDOR)).toBe(false)
      await expectRefused(await askNext(first), 'XAA1217', 'invalid_grant')
      await expectRefused(await redeemNext(waiting), 'XAA2216', 'invalid_grant')
      // Other access of the same user continues.
      expect((await askNext(await getToken())).status).toBe(200)
    })

    it.each([
      ['the app', { kind: 'app', id: AGENT.id }],
      ['the connection', { kind: 'connection', id: 'agent0-todo0' }],
      ['the user', { kind: 'user', id: 'alice' }],
    ])('by the kill switch for %s reaches the whole chain', async (_, target) => {
      const { first, second, third } = await walk()
      const { body } = await admin('POST', '/kill', { body: { target, reason: 'test' } })
      try {
        expect(await isActive(second)).toBe(false)
        expect(await isActive(third, NOTES_API_AT_VENDOR)).toBe(false)
        await expectRefused(await askNext(first), 'XAA1217', 'invalid_grant')
      } finally {
        await admin('POST', `/kill/${String((body as { id: string }).id)}/lift`, reason)
      }
      idToken = (await signInFor(server.baseUrl, 'alice')).idToken
      expect((await askNext(await getToken())).status).toBe(200)
    })

    it('by suspension denies the next exchange, at any app of the chain', async () => {
      const { first, second } = await walk()
      await admin('POST', '/connections/agent0-todo0/suspend', reason)
      const answers = [await askNext(first), await askNext(second, { resource: FILES }, NOTES_API)]
      await admin('POST', '/connections/agent0-todo0/resume', reason)
      for (const answer of answers) {
        await expectRefused(answer, 'XAA1220', 'access_denied')
        const { checks } = await findRecord(answer)
        expect(checks.find(({ id }) => id === 'subject_token.chain')).toMatchObject({
          ref: 'agent0-todo0',
          actual: 'connection suspended',
        })
      }
      expect((await askNext(first)).status).toBe(200)
    })
  })
})
