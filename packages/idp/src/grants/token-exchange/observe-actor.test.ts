import { parseForm, type IssuerKeys } from '@crosswalk/as-core'
import { refuse } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { type ActorQuestion, actorReplayKeys, observeActor } from './observe-actor.ts'

const ISSUER = 'https://idp.acme.test'
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const TOKEN = [encode({ alg: 'ES256', kid: 'k1' }), encode({ iss: 'agent0', jti: 'j' }), 'A'.repeat(86)].join(
  '.',
)
const PARAMETERS = `actor_token=${TOKEN}&actor_token_type=urn:ietf:params:oauth:token-type:jwt`

async function observe({
  actorProfile = 'enabled',
  state = 'authenticated',
  form = PARAMETERS,
  active = true,
}) {
  const asked: string[] = []
  const keys = {
    peek: () => undefined,
    find: async ({ issuer }: { readonly issuer: string }) => {
      asked.push(issuer)
      return refuse({ kind: 'unknown-kid', detail: '' })
    },
  } as unknown as IssuerKeys
  const auth = { method: 'private_key_jwt', jwks: { keys: [] } }
  const question = { request: { form: parseForm(form) }, client: { state } } as unknown as ActorQuestion
  const snapshot = {
    actorProfile,
    issuer: ISSUER,
    apps: new Map([['agent0', { id: 'agent0', active, auth }]]),
  }
  return { fact: await observeActor(question, snapshot as never, keys), asked }
}

test('an actor token is verified with the keys that the app has here, never with those of an issuer', async () => {
  const { fact, asked } = await observe({})
  expect(fact).toMatchObject({ token: { state: 'read' }, replayed: false })
  // SEC-04
  expect(asked).toEqual([`client:${ISSUER} agent0`])
})

test.each([
  ['without the actor profile', { actorProfile: 'disabled' }],
  ['of a client that did not authenticate', { state: 'refused' }],
])('%s, no key is looked up', async (_, change) => {
  expect(await observe(change)).toEqual({ fact: undefined, asked: [] })
})

test('no key of an app that is not active verifies it', async () => {
  expect((await observe({ active: false })).asked).toEqual([])
})

test('a token without its type is not read', async () => {
  const { fact, asked } = await observe({ form: `actor_token=${TOKEN}` })
  expect([fact?.token, asked]).toEqual([undefined, []])
})

test('an actor token is used once per app, and remembered until no clock accepts it', () => {
  const replayKeysOf = (change: object, signature = 'valid') => {
    const token = { state: 'read', signature, claims: { iss: 'agent0', jti: 'j', exp: 1000, ...change } }
    return actorReplayKeys({ token } as never, { issuer: ISSUER, clockSkewSeconds: 30 })
  }
  const [key] = replayKeysOf({})
  expect(key).toMatchObject({ kind: 'actor-token' })
  expect(key?.expiresAt).toBeGreaterThanOrEqual(1030)
  const keys = [{}, { iss: 'agent1' }, { jti: 'j2' }].map((change) => replayKeysOf(change)[0]?.key)
  expect(new Set(keys).size).toBe(3)
  expect(replayKeysOf({}, 'invalid')).toEqual([])
  expect(actorReplayKeys(undefined, { issuer: ISSUER, clockSkewSeconds: 30 })).toEqual([])
})
