// An API with its authorization server in the same program, through `resourceOptions()`: a revoked token is denied at the
// next request, and a used proof in every program.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import { digest } from '@crosswalk/as-core'
import { GRANT_TYPE, SECURITY_EVENT } from '@crosswalk/protocol'
import { protect } from '@crosswalk/resource/fetch'
import { createReceivedRevocations, createResourceAs, type OwnUsers } from '@crosswalk/resource-as'
import { openPorts, type Ports } from '@crosswalk/storage'
import { describe, expect, it, onTestFinished } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { makeDpopKey } from '../protocol/support/proofs.ts'
import { basic } from '../support/flow.ts'

const MASTER_KEY = randomBytes(32).toString('hex')
const IDP = 'https://idp.acme.test'
const ISSUER = 'https://as.todo0.test'
const API = 'https://todo0.test/api'
const CLIENT = { id: 'agent0-at-todo0', secret: 'secret of agent0-at-todo0' }

type Format = 'jwt' | 'opaque'
type Json = Readonly<Record<string, unknown>>

interface Started {
  readonly spoil?: (ports: Ports) => Ports
  readonly database?: string
  readonly key?: TestKey
  /** Of the service, found by address */
  readonly users?: OwnUsers
}

const byAddress = (sub: string) => ({ format: 'email', email: `${sub}@acme.test` })

async function start(
  accessTokenFormat: Format,
  { spoil = (ports) => ports, database = 'sqlite::memory:', key: given, users }: Started = {},
) {
  const opened = await openPorts(database, { onFault: () => undefined, masterKey: MASTER_KEY })
  onTestFinished(() => opened.close())
  const ports = spoil(opened)
  const key = given ?? (await makeKey('k'))
  const server = await createResourceAs(
    {
      issuer: ISSUER,
      trustedIssuers: [
        {
          ...{ issuer: IDP, jwks: { keys: [key.publicJwk] } },
          ...(users === undefined
            ? { provisioning: 'jit' }
            : { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }),
          ...{ securityEvents: {}, globalTokenRevocation: true },
        },
      ],
      clients: [{ id: CLIENT.id, auth: { method: 'client_secret_basic', secret: CLIENT.secret } }],
      resources: [
        { id: API, scopes: ['todos.read'] },
        { id: 'https://todo0.test/notes', scopes: ['todos.read'] },
      ],
      accessTokenFormat,
      ...(users === undefined ? {} : { users }),
    },
    ports,
  )
  const handler = protect(server.resourceOptions(API), (_, { user }) => Response.json(user))
  const post = (path: string, body: string | URLSearchParams, headers: Record<string, string>) =>
    server.fetch(new Request(`${ISSUER}/as/main/${path}`, { method: 'POST', headers, body }))
  const buildIdJag = (sub: string, resource = API) => {
    const { email } = byAddress(sub)
    const claims = { sub, email, email_verified: true, resource, client_id: CLIENT.id, scope: 'todos.read' }
    return signJwt(
      key,
      idJagClaims({ baseUrl: ISSUER, clock: ports.clock }, IDP, { ...claims, aud: ISSUER }),
      idJagHeader,
    )
  }
  const redeem = async (assertion: string, dpop: Readonly<Record<string, string>> = {}) => {
    const form = new URLSearchParams({ grant_type: GRANT_TYPE.jwtBearer, assertion })
    return (await (await post('token', form, { authorization: basic(CLIENT), ...dpop })).json()) as Json
  }
  return {
    ports,
    key,
    buildIdJag,
    redeem,
    /** @returns a token bound to the key, and proofs of the key for it */
    async getBoundToken(sub: string, { prove }: Awaited<ReturnType<typeof makeDpopKey>>) {
      const dpop = await prove(`${ISSUER}/as/main/token`)
      const token = String((await redeem(await buildIdJag(sub), { dpop })).access_token)
      const ath = createHash('sha256').update(token).digest('base64url')
      return { token, prove: (change: Json = {}) => prove(`${API}/todos`, { htm: 'GET', ath, ...change }) }
    },
    async askWithProof(token: string, proof: string) {
      const headers = { authorization: `DPoP ${token}`, dpop: proof }
      return (await handler(new Request(`${API}/todos`, { headers }))).status
    },
    getToken: async (sub: string, resource = API) =>
      String((await redeem(await buildIdJag(sub, resource))).access_token),
    async revoke(token: string) {
      await post('revoke', new URLSearchParams({ token }), { authorization: basic(CLIENT) })
    },
    async sendEvent(claims: Json) {
      const iat = Math.floor(ports.clock.nowMs() / 1000)
      const set = { iss: IDP, aud: ISSUER, jti: randomUUID(), iat, ...claims }
      const body = await signJwt(key, set, { typ: 'secevent+jwt' })
      return (await post('security-events', body, { 'content-type': 'application/secevent+jwt' })).status
    },
    async logOut(sub: string, sub_id: Json = { format: 'iss_sub', iss: IDP, sub }) {
      const iat = Math.floor(ports.clock.nowMs() / 1000)
      const aud = `${ISSUER}/as/main/global-token-revocation`
      const claims = { iss: IDP, aud, jti: randomUUID(), iat, exp: iat + 300 }
      const jwt = await signJwt(key, claims, { typ: 'global-token-revocation+jwt' })
      const body = JSON.stringify({ sub_id })
      const headers = { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' }
      return (await post('global-token-revocation', body, headers)).status
    },
    async ask(token: string): Promise<string> {
      const headers = { authorization: `Bearer ${token}` }
      const response = await handler(new Request(`${API}/todos`, { headers }))
      const challenge = response.headers.get('www-authenticate') ?? ''
      return `${response.status}${challenge.includes('invalid_token') ? ' invalid_token' : ''}`
    },
  }
}

describe.each<Format>(['jwt', 'opaque'])('access tokens in the form %s', (format) => {
  it('RS-13 a token revoked by its client is denied immediately, and no other', async () => {
    const { getToken, revoke, ask } = await start(format)
    const [token, other] = [await getToken('alice'), await getToken('alice')]
    expect([await ask(token), await ask(other)]).toEqual(['200', '200'])
    await revoke(token)
    expect([await ask(token), await ask(other)]).toEqual(['401 invalid_token', '200'])
  })

  it('REV-05 a connection revoked by the issuer is denied immediately, and no other', async () => {
    const { getToken, sendEvent, ask } = await start(format)
    const [token, other] = [await getToken('alice'), await getToken('carol')]
    expect(await ask(token)).toBe('200')
    const user = { format: 'iss_sub', iss: IDP, sub: 'alice' }
    const application = { format: 'opaque', id: CLIENT.id }
    const sent = await sendEvent({
      sub_id: { format: 'complex', user, application },
      events: { [SECURITY_EVENT.connectionRevoked]: {} },
    })
    expect(sent).toBe(202)
    expect([await ask(token), await ask(other)]).toEqual(['401 invalid_token', '200'])
  })

  it('REV-06 immediately denies a user whom the issuer logs out everywhere, and no other user', async () => {
    const { getToken, logOut, ask } = await start(format)
    const [token, other] = [await getToken('alice'), await getToken('carol')]
    expect([await ask(token), await ask(other)]).toEqual(['200', '200'])
    expect(await logOut('alice')).toBe(204)
    expect([await ask(token), await ask(other)]).toEqual(['401 invalid_token', '200'])
  })

  it('RS-13 tokens revoked by the program are denied immediately', async () => {
    const { ports, getToken, ask } = await start(format)
    const token = await getToken('alice')
    expect(await ask(token)).toBe('200')
    expect(await ports.accessTokens.revoke({ clientId: CLIENT.id }, ports.clock.nowMs())).toBe(1)
    expect(await ask(token)).toBe('401 invalid_token')
  })

  it('RS-02 a token for another resource of the same server is denied', async () => {
    const { getToken, ask } = await start(format)
    expect(await ask(await getToken('alice'))).toBe('200')
    expect(await ask(await getToken('alice', 'https://todo0.test/notes'))).toBe('401 invalid_token')
  })
})

it('RS-13 all requests are denied while token state is unavailable', async () => {
  const { ports, getToken, ask } = await start('jwt')
  const token = await getToken('alice')
  expect(await ask(token)).toBe('200')
  await ports.storage.close()
  expect(await ask(token)).toBe('503')
})

const SIGNED_OUT = (jti: string) => ({
  jti,
  sub_id: { format: 'iss_sub', iss: IDP, sub: 'alice' },
  events: { [SECURITY_EVENT.sessionRevoked]: {} },
})

describe('REV-05 a security event also revokes', () => {
  it('a token that is granted while the event is recorded', async () => {
    const issued = { token: '' }
    const { ports, getToken, sendEvent, ask } = await start('opaque', {
      spoil: (given) => ({
        ...given,
        ledger: {
          ...given.ledger,
          async commit(entry) {
            // Decided before the event arrives, committed while it is being recorded.
            const isEvent = 'type' in entry.event && entry.event.type === 'security_event.received'
            const origin = isEvent ? await given.accessTokens.find('main', digest(issued.token)) : undefined
            if (origin !== undefined) {
              const { revokedAt: _, ...accessToken } = { ...origin, id: digest('xat_late') }
              const event = { ...entry.event, id: `evt_${randomUUID()}` } as typeof entry.event
              await given.ledger.commit({ log: entry.log, event, accessToken })
            }
            return await given.ledger.commit(entry)
          },
        },
      }),
    })
    issued.token = await getToken('alice')
    expect(await sendEvent(SIGNED_OUT('set-1'))).toBe(202)
    expect(await ports.accessTokens.find('main', digest('xat_late'))).toMatchObject({
      revokedAt: expect.any(Number),
    })
    expect(await ask('xat_late')).toBe('401 invalid_token')
  })

  it.each(['its tokens are revoked', 'it is recorded'])('where the database fails when %s', async (step) => {
    let fails = true
    const failOnce = () => {
      if (!fails) return
      fails = false
      throw new Error('no database')
    }
    const { ports, getToken, sendEvent, ask } = await start('jwt', {
      spoil: (given) => ({
        ...given,
        accessTokens: {
          ...given.accessTokens,
          async revoke(selector, at) {
            if (step === 'its tokens are revoked') failOnce()
            return await given.accessTokens.revoke(selector, at)
          },
        },
        ledger: {
          ...given.ledger,
          async commit(entry) {
            const isEvent = 'type' in entry.event && entry.event.type === 'security_event.received'
            if (isEvent && step === 'it is recorded') failOnce()
            return await given.ledger.commit(entry)
          },
        },
      }),
    })
    const token = await getToken('alice')
    expect(await sendEvent(SIGNED_OUT('set-1'))).toBe(500)
    expect(await sendEvent(SIGNED_OUT('set-1'))).toBe(202)
    expect(await ask(token)).toBe('401 invalid_token')
    const { items } = await ports.storage.events.list({ types: ['security_event.received'], limit: 9 })
    expect(items).toHaveLength(1)
  })

  it('tokens if the program ends between recording it and revoking them', async () => {
    const { ports, getToken } = await start('opaque')
    const token = await getToken('alice')
    const now = ports.clock.nowMs() / 1000
    await createReceivedRevocations(ports.storage.receivedRevocations).add([
      {
        id: 'set-1',
        authorizationServer: 'main',
        issuer: IDP,
        subject: 'alice',
        issuedUntil: now + 1,
        expiresAt: now + 400,
        rememberedUntil: now + 1000,
      },
    ])
    expect(await ports.accessTokens.find('main', digest(token))).not.toHaveProperty('revokedAt')
    await createResourceAs(
      { issuer: ISSUER },
      { ...ports, receivedRevocations: createReceivedRevocations(ports.storage.receivedRevocations) },
    )
    expect(await ports.accessTokens.find('main', digest(token))).toHaveProperty('revokedAt')
  })
})

itOnDatabases(
  'REV-05 two programs on one database: an ID-JAG that one refuses, the other refuses too, on $name',
  async ({ create }) => {
    const database = await create()
    const key = await makeKey('k')
    const [one, other] = [await start('jwt', { database, key }), await start('jwt', { database, key })]
    const [before, unaffected] = [await one.buildIdJag('alice'), await one.buildIdJag('carol')]
    expect(await one.logOut('alice')).toBe(204)
    await setTimeout(300)
    expect((await other.redeem(before)).error).toBe('invalid_grant')
    expect((await other.redeem(unaffected)).error).toBeUndefined()
  },
)

itOnDatabases(
  'REV-06 a user whom the issuer logs out by address gets no token for an earlier ID-JAG, on $name',
  async ({ create }) => {
    const known: Record<string, string> = { 'alice@acme.test': 'u-1', 'carol@acme.test': 'u-2' }
    const users: OwnUsers = { byId: (id) => id, byVerifiedEmail: (email) => known[email] }
    const given = { database: await create(), key: await makeKey('k'), users }
    const [one, other] = [await start('jwt', given), await start('jwt', given)]
    const [here, there] = [await one.buildIdJag('alice'), await one.buildIdJag('alice')]
    const unaffected = await one.buildIdJag('carol')
    expect(await one.logOut('alice', byAddress('alice'))).toBe(204)
    const { items } = await one.ports.storage.events.list({ types: ['security_event.received'], limit: 9 })
    expect(items).toMatchObject([{ event: { on_behalf_of: { user_ref: 'u-1' } } }])
    expect((await one.redeem(here)).error).toBe('invalid_grant')
    await setTimeout(300)
    expect((await other.redeem(there)).error).toBe('invalid_grant')
    expect((await other.redeem(unaffected)).error).toBeUndefined()
  },
)

itOnDatabases(
  'DPOP-11 two programs on one database: one of them accepts a proof, once, on $name',
  async ({ create }) => {
    const database = await create()
    const key = await makeKey('k')
    const [one, other] = [await start('jwt', { database, key }), await start('jwt', { database, key })]
    const { token, prove } = await one.getBoundToken('alice', await makeDpopKey())
    const nearlyTooOld = one.ports.clock.nowMs() / 1000 - 290.5
    for (const change of [{}, { iat: nearlyTooOld }]) {
      const proof = await prove(change)
      const ask = async ({ askWithProof }: typeof one) => await askWithProof(token, proof)
      expect([await ask(one), await ask(one), await ask(other)]).toEqual([200, 401, 401])
      expect(await other.askWithProof(token, await prove(change))).toBe(200)
    }
  },
)

it('DPOP-11 requests with a proof are denied while used proofs cannot be stored, and are not lost', async () => {
  const fault = { at: 'use' }
  const { getBoundToken, askWithProof } = await start('jwt', {
    spoil: (given) => ({
      ...given,
      ledger: {
        ...given.ledger,
        async consume(replayKeys) {
          if (fault.at === 'use') throw new Error('no database')
          return await given.ledger.consume(replayKeys)
        },
      },
    }),
  })
  const { token, prove } = await getBoundToken('alice', await makeDpopKey())
  const proof = await prove()
  expect(await askWithProof(token, proof)).toBe(503)
  fault.at = 'nowhere'
  expect(await askWithProof(token, proof)).toBe(200)
})
