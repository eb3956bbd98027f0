// Actors: actor tokens if the actor profile is on, and agents named by their own authentication.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decodeJwt, exportJWK, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from '../sdk/support/run-snippet.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { startWorld, type World } from './support/world.ts'

const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt'
const PLANNER = 'planner'

let world: World
let idToken: string
let [key, another]: TestKey[] = []

interface Definitions {
  readonly idp?: Readonly<Record<string, unknown>>
  readonly planner?: Readonly<Record<string, unknown>>
  readonly actors?: readonly string[]
}

function staffed(baseUrl: string, { idp, planner, actors = [PLANNER] }: Definitions = {}) {
  const file = company(baseUrl, { connection: { actors } }) as { idp: { apps: object[] } }
  const app = {
    id: PLANNER,
    name: 'Planner',
    kind: 'service',
    auth: { method: 'private_key_jwt', jwks: { keys: [key?.publicJwk] } },
    ...planner,
  }
  const apps = [...file.idp.apps, app]
  return { ...file, idp: { ...file.idp, apps, actorProfile: 'enabled', ...idp } }
}

beforeAll(async () => {
  ;[key, another] = [await makeKey('k'), await makeKey('k')]
  world = await startWorld((baseUrl) => staffed(baseUrl))
  idToken = (await signInFor(world.baseUrl, 'alice')).idToken
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

type Change = Readonly<Record<string, unknown>>

function actorToken(change: Change = {}, typ = 'actor-token+jwt', signedBy = key): Promise<string> {
  if (signedBy === undefined) throw new Error('no key')
  const now = Math.floor(world.clock.nowMs() / 1000)
  const good = {
    iss: PLANNER,
    sub: PLANNER,
    aud: world.baseUrl,
    client_id: AGENT.id,
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
  }
  return signJwt(signedBy, { ...good, ...change }, { typ })
}

const ask = (form: Readonly<Record<string, string>>): Promise<Answer> =>
  exchange(world.baseUrl, idToken, { resource: TODO, ...form })
const askWith = async (token: string | Promise<string>) =>
  ask({ actor_token: await token, actor_token_type: JWT_TYPE })

describe('an actor token', () => {
  it('names the actor in ID-JAG, access token, introspection, record and audit (ACT-03, ACT-05, ACT-07, JAG-14)', async () => {
    const issued = await askWith(actorToken())
    expect(issued.status).toBe(200)
    const act = { iss: world.baseUrl, sub: PLANNER, sub_profile: 'service' }
    const idJag = String(issued.body.access_token)
    expect(decodeJwt(idJag)).toMatchObject({ sub: 'usr_alice', act })
    const redeemed = await redeem(world.baseUrl, idJag)
    const token = String(redeemed.body.access_token)
    expect(decodeJwt(token).act).toEqual(act)
    const seen = await postForm(
      `${world.baseUrl}/as/vendor/introspect`,
      { token },
      { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) },
    )
    expect(seen.body).toMatchObject({ active: true, act })
    const actor = { ref: PLANNER, issuer: world.baseUrl, profile: 'service' }
    for (const answer of [issued, redeemed]) {
      expect((await world.findDecision(answer)).request.actor).toEqual(actor)
      const id = answer.headers.get('crosswalk-decision') ?? ''
      const [recorded] = await world.storage.events.findByDecision(id)
      expect(recorded?.event.delegation).toMatchObject({ actor: PLANNER })
    }
  })

  it('is signed as the page about actors shows', async () => {
    const page = new URL('../../../docs/how-to/name-the-actor.md', import.meta.url)
    const code = readSnippets(page).find(({ info }) => info === 'actor-token.ts')?.code ?? ''
    const { signActorToken } = (await runSnippet({ name: 'actor-token', code })) as {
      signActorToken(key: JWK, ...names: readonly string[]): Promise<string>
    }
    if (key === undefined) throw new Error('no key')
    const jwk = { ...(await exportJWK(key.privateKey)), kid: key.kid }
    expect((await askWith(signActorToken(jwk, PLANNER, world.baseUrl, AGENT.id))).status).toBe(200)
  })

  it('works once (ACT-03)', async () => {
    const token = await actorToken()
    const answers = await Promise.all([askWith(token), askWith(token)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400])
    await expectRefused(world, await askWith(token), { ...refused, saw: 'already used' })
  })

  const refused = { error: 'invalid_request', code: 'XAA1010' }
  const minute = () => Math.floor(world.clock.nowMs() / 1000) - 60
  it.each<readonly [string, () => Promise<string>, string]>([
    ['text', () => Promise.resolve('planner'), ''],
    ['a signature by another key', () => actorToken({}, undefined, another), 'signature invalid'],
    [
      'an issuer that is not an app',
      () => actorToken({ iss: 'stranger', sub: 'stranger' }),
      'not an enabled app',
    ],
    ['an issuer that is no text', () => actorToken({ iss: { toString: 1 } }), 'not an enabled app'],
    ['an app without keys', () => actorToken({ iss: 'other', sub: 'other' }), 'an app without a key'],
    ['another subject', () => actorToken({ sub: 'usr_alice' }), 'issuer-mismatch'],
    ['another audience', () => actorToken({ aud: `${world.baseUrl}/token` }), 'audience-mismatch'],
    ['another client', () => actorToken({ client_id: 'other' }), 'client-mismatch'],
    ['no client', () => actorToken({ client_id: undefined }), 'client-mismatch'],
    ['too old', () => actorToken({ iat: minute() - 60, exp: minute() }), 'expired'],
    ['a client assertion (SEC-03)', () => actorToken({}, 'client-authentication+jwt'), 'wrong-typ'],
    ['a JWT of no kind', () => actorToken({}, 'JWT'), 'wrong-typ'],
    ["the user's own ID token", () => Promise.resolve(idToken), 'not an enabled app'],
  ])('is rejected with %s (ACT-03, ACT-04)', async (_, token, saw) => {
    await expectRefused(world, await askWith(token()), { ...refused, saw })
  })

  it('is rejected if the session ends while the key server is slow', async () => {
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    let answer = () => {}
    const slow = createServer((_, response) => {
      answer = () => response.end(JSON.stringify({ keys: [key?.publicJwk] }))
      response.setHeader('content-type', 'application/json')
      asked()
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    const jwksUri = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/jwks`
    world.redefine((baseUrl) =>
      staffed(baseUrl, { planner: { auth: { method: 'private_key_jwt', jwksUri } } }),
    )
    const { idToken: ofCarol } = await signInFor(world.baseUrl, 'carol')
    const brought = { actor_token: await actorToken(), actor_token_type: JWT_TYPE, resource: TODO }
    const waiting = exchange(world.baseUrl, ofCarol, brought)
    await isAsked
    await world.idp?.signIn.endSessionsOfUser('usr_carol')
    answer()
    await expectRefused(world, await waiting, { error: 'invalid_grant', code: 'XAA1205' })
    const again = { ...brought, actor_token: await actorToken() }
    const { idToken: renewed } = await signInFor(world.baseUrl, 'carol')
    expect((await exchange(world.baseUrl, renewed, again)).status).toBe(200)
    world.redefine((baseUrl) => staffed(baseUrl))
    await new Promise((resolve) => slow.close(resolve))
  })

  it('is judged later if the keys of the actor are unreachable (IDP-38)', async () => {
    const jwksUri = 'http://127.0.0.1:9/jwks'
    world.redefine((baseUrl) =>
      staffed(baseUrl, { planner: { auth: { method: 'private_key_jwt', jwksUri } } }),
    )
    const answer = await askWith(actorToken())
    const later = { status: 503, error: 'temporarily_unavailable', code: 'XAA1106', saw: jwksUri }
    await expectRefused(world, answer, later)
    expect(answer.body.error_description).toBe('The server cannot answer now; try again later.')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    world.redefine((baseUrl) => staffed(baseUrl))
    expect((await askWith(actorToken())).status).toBe(200)
  })

  it('requires actor_token_type, with one value only (ACT-01)', async () => {
    await expectRefused(world, await ask({ actor_token_type: JWT_TYPE }), refused)
    await expectRefused(world, await ask({ actor_token: await actorToken() }), refused)
    const actor_token_type = 'urn:ietf:params:oauth:token-type:id_token'
    await expectRefused(world, await ask({ actor_token: await actorToken(), actor_token_type }), refused)
  })

  it('does not authenticate a client (SEC-03)', async () => {
    const answer = await postForm(`${world.baseUrl}/token`, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await actorToken(),
    })
    await expectRefused(world, answer, {
      status: 401,
      error: 'invalid_client',
      code: 'XAA1102',
      saw: 'wrong-typ',
    })
  })
})

describe('the allowed actor', () => {
  it('is listed by the connection (ACT-03)', async () => {
    world.redefine((baseUrl) => staffed(baseUrl, { actors: ['other'] }))
    const denied = { error: 'access_denied', code: 'XAA1408' }
    await expectRefused(world, await askWith(actorToken()), denied)
    world.redefine((baseUrl) => staffed(baseUrl, { planner: { active: false } }))
    await expectRefused(world, await askWith(actorToken()), { error: 'invalid_request', code: 'XAA1010' })
    world.redefine((baseUrl) => staffed(baseUrl))
    expect((await askWith(actorToken())).status).toBe(200)
  })

  it('is absent while the actor profile is off, as by default (ACT-02)', async () => {
    world.redefine((baseUrl) => staffed(baseUrl, { idp: { actorProfile: undefined } }))
    await expectRefused(world, await askWith(actorToken()), { error: 'invalid_request', code: 'XAA1005' })
    expect(decodeJwt(String((await ask({})).body.access_token))).not.toHaveProperty('act')
  })

  it('is the agent itself if agents are named, or the one in an actor token (ACT-04, ACT-07)', async () => {
    world.redefine((baseUrl) => staffed(baseUrl, { idp: { nameAgents: true } }))
    const own = await ask({ act: '{"sub":"me"}' })
    expect(decodeJwt(String(own.body.access_token)).act).toEqual({
      iss: world.baseUrl,
      sub: AGENT.id,
      sub_profile: 'ai_agent',
    })
    const brought = await askWith(actorToken())
    expect(decodeJwt(String(brought.body.access_token)).act).toMatchObject({ sub: PLANNER })
  })
})
