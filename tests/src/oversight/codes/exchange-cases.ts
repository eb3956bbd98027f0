// For each code of the IdP a request that ends with it.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { makeKey, signJwt, type TestKey } from '../../protocol/support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from '../../protocol/support/proofs.ts'
import { AGENT, REDIRECT_URI, TODO } from '../../support/company.ts'
import { type Answer, basic, exchange, postForm, signInFor } from '../../support/flow.ts'
import { buildAssertion, exchangeAssertion, sign } from '../../support/saml.ts'
import { CHAIN_CASES } from './chain-cases.ts'
import { WORKLOAD_CASES } from './workload-cases.ts'
import { askWithActor } from './actor-case.ts'
import {
  audienceOf,
  BRISK,
  KEYED,
  LOST,
  NO_SIGN_IN,
  OFF,
  PUBLIC,
  resourceOf,
  UPSTREAM,
} from './definitions.ts'
import { REQUESTS_PER_MINUTE, type Stage } from './stage.ts'

export type Case = (stage: Stage) => Promise<Answer>
type Form = Readonly<Record<string, string>>

const ask =
  (form: Form): Case =>
  ({ baseUrl, alice }) =>
    exchange(baseUrl, alice.idToken, { resource: TODO, ...form })

/** To one of the resource apps, which its audience alone tells. */
const reach =
  (name: string, form: Form = {}): Case =>
  ({ baseUrl, alice }) =>
    exchange(baseUrl, alice.idToken, { audience: audienceOf(name), resource: resourceOf(name), ...form })

/** Of no one, so that no other case has to wait */
export const GUESSED = { id: 'guessed', secret: 'wrong' }

/** @returns the first answer after the free guesses */
export async function guessSecrets(guess: () => Promise<Answer>): Promise<Answer> {
  for (let count = 0; count < 10; count += 1) await guess()
  return guess()
}

const without =
  (name: string): Case =>
  ({ baseUrl, alice }) => {
    const form = new URLSearchParams(exchangeForm(baseUrl, alice.idToken))
    form.delete(name)
    return postForm(`${baseUrl}/token`, form, { authorization: basic(AGENT) })
  }

const exchangeForm = (baseUrl: string, idToken: string): Record<string, string> => ({
  grant_type: GRANT_TYPE.tokenExchange,
  requested_token_type: TOKEN_TYPE.idJag,
  audience: `${baseUrl}/as/vendor`,
  resource: TODO,
  subject_token: idToken,
  subject_token_type: TOKEN_TYPE.idToken,
})

const saml =
  (change: object, tampered = false): Case =>
  ({ baseUrl, keys }) => {
    const now = Math.floor(Date.now() / 1000)
    const xml = sign(buildAssertion({ now, recipient: `${baseUrl}/token`, ...change }), keys.saml)
    const sent = tampered ? xml.replace('>alice<', '>carol<') : xml
    return exchangeAssertion(baseUrl, sent, { resource: TODO })
  }

/** With an ID token of another identity provider, changed as told. */
const upstream =
  (change: Readonly<Record<string, unknown>> = {}, by?: () => Promise<TestKey>): Case =>
  async ({ baseUrl, keys }) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      ...{ iss: UPSTREAM.good, aud: 'agent0-upstream', sub: 'there-alice', preferred_username: 'alice' },
      ...{ tid: 'acme', iat: now, exp: now + 300 },
      ...change,
    }
    const token = await signJwt((await by?.()) ?? keys.foreign, claims)
    return exchange(baseUrl, token, { resource: TODO })
  }

/** Taken before, and refused after an administrator ended the sessions of the user. */
const upstreamAfterSessionEnded: Case = async (stage) => {
  const carol = { sub: 'there-carol', preferred_username: 'carol', iat: Math.floor(Date.now() / 1000) - 5 }
  await upstream(carol)(stage)
  const body = { reason: 'test of a code' }
  await stage.admin('POST', '/users/usr_carol/suspend', { body })
  await stage.admin('POST', '/users/usr_carol/resume', { body })
  return upstream(carol)(stage)
}

async function assert(
  { baseUrl, alice, keys }: Stage,
  clientId: string,
  audience = baseUrl,
): Promise<Answer> {
  return postForm(`${baseUrl}/token`, {
    ...exchangeForm(baseUrl, alice.idToken),
    client_id: clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await makeClientAssertion({ clientId, audience, key: keys.keyed }),
  })
}

/** Blocks, asks, and ends the block again. */
const whileBlocked =
  (block: Form): Case =>
  async (stage) => {
    const { body } = await stage.admin('POST', '/blocks', { body: { ...block, reason: 'test of a code' } })
    try {
      return await ask({})(stage)
    } finally {
      await stage.admin('DELETE', `/blocks/${String((body as { id: string }).id)}`)
    }
  }

async function sendClosed({ baseUrl }: Stage): Promise<Answer> {
  const response = await fetch(`${baseUrl}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, headers: response.headers, body }
}

async function askUnassigned({ baseUrl, admin }: Stage): Promise<Answer> {
  const app = { id: 'leaving', secret: 'secret of the app that users leave' }
  const auth = { method: 'client_secret_basic', secret: app.secret }
  const redirectUris = [REDIRECT_URI]
  const definition = {
    id: app.id,
    name: 'Leaving',
    kind: 'web',
    redirectUris,
    auth,
    assignments: { everyone: true },
  }
  const made = await admin('POST', '/apps', { body: definition })
  const { idToken } = await signInFor(baseUrl, 'alice', app)
  await admin('PATCH', `/apps/${app.id}`, {
    body: { assignments: { everyone: false } },
    ifMatch: made.etag,
    headers: { 'content-type': 'application/merge-patch+json' },
  })
  const connection = {
    ...{
      id: 'leaving-plain',
      app: app.id,
      resourceApp: 'plain-one',
      clientId: 'leaving-there',
      status: 'active',
    },
    ...{ resources: [resourceOf('plain-one')], scopes: ['read'], assignments: { everyone: true } },
  }
  await admin('POST', '/connections', { body: connection })
  return exchange(baseUrl, idToken, { audience: audienceOf('plain-one') }, app)
}

async function askAfterSessionEnded({ baseUrl, admin, carol }: Stage): Promise<Answer> {
  const body = { reason: 'test of a code' }
  await admin('POST', '/users/usr_carol/suspend', { body })
  await admin('POST', '/users/usr_carol/resume', { body })
  return exchange(baseUrl, carol.idToken, { resource: TODO })
}

async function askWhileAsking({ baseUrl, admin, bob }: Stage): Promise<Answer> {
  const request = {
    user: 'bob',
    app: AGENT.id,
    resourceApp: 'todo0',
    scopes: ['todos.read'],
    reason: 'a test',
  }
  const { body } = await admin('POST', '/access-requests', { body: request })
  try {
    return await exchange(baseUrl, bob.idToken, { resource: TODO })
  } finally {
    await admin('POST', `/access-requests/${String((body as { id: string }).id)}/decline`, {
      body: { reason: 'a test' },
    })
  }
}

async function askTooOften({ strict: { baseUrl, alice } }: Stage): Promise<Answer> {
  for (let left = REQUESTS_PER_MINUTE; ; left -= 1) {
    const answer = await exchange(baseUrl, alice.idToken, { resource: TODO })
    if (answer.status !== 200 || left === 0) return answer
  }
}

export const EXCHANGE_CASES: Readonly<Record<string, Case>> = {
  XAA1000: sendClosed,
  XAA1001: without('audience'),
  XAA1002: ask({ requested_token_type: TOKEN_TYPE.accessToken }),
  XAA1003: ask({ subject_token_type: 'urn:ietf:params:oauth:token-type:saml1' }),
  XAA1004: ({ baseUrl, alice }) =>
    postForm(
      `${baseUrl}/token`,
      new URLSearchParams([
        ...Object.entries(exchangeForm(baseUrl, alice.idToken)),
        ['scope', 'a'],
        ['scope', 'b'],
      ]),
      { authorization: basic(AGENT) },
    ),
  XAA1005: ask({ actor_token: 'x', actor_token_type: TOKEN_TYPE.jwt }),
  XAA1006: ask({ grant_type: 'password' }),
  XAA1007: async ({ baseUrl, alice, dpop }) =>
    postForm(`${baseUrl}/token`, exchangeForm(baseUrl, alice.idToken), {
      authorization: basic(AGENT),
      dpop: await dpop.prove('https://elsewhere.example/token'),
    }),
  XAA1008: async ({ strict: { baseUrl, alice }, dpop }) =>
    postForm(`${baseUrl}/token`, exchangeForm(baseUrl, alice.idToken), {
      authorization: basic(AGENT),
      dpop: await dpop.prove(`${baseUrl}/token`),
    }),
  XAA1009: ({ baseUrl }) =>
    postForm(
      `${baseUrl}/token`,
      {
        grant_type: GRANT_TYPE.authorizationCode,
        code: 'nobody-gave-this',
        redirect_uri: REDIRECT_URI,
        code_verifier: 'v'.repeat(43),
      },
      { authorization: basic(AGENT) },
    ),
  XAA1010: ({ strict: { baseUrl, alice } }) =>
    exchange(baseUrl, alice.idToken, {
      resource: TODO,
      actor_token: 'text',
      actor_token_type: TOKEN_TYPE.jwt,
    }),
  XAA1101: ({ baseUrl, alice }) => exchange(baseUrl, alice.idToken, {}, { id: AGENT.id, secret: 'wrong' }),
  XAA1102: async (stage) => assert(stage, KEYED, 'https://elsewhere.example'),
  XAA1103: ({ baseUrl, alice }) =>
    postForm(`${baseUrl}/token`, { ...exchangeForm(baseUrl, alice.idToken), client_id: PUBLIC }),
  XAA1104: ({ baseUrl, alice }) => exchange(baseUrl, alice.idToken, {}, OFF),
  XAA1105: ask({ client_id: AGENT.id, client_secret: AGENT.secret }),
  XAA1106: async (stage) => assert(stage, LOST.id),
  XAA1107: ({ baseUrl }) => guessSecrets(() => exchange(baseUrl, 'x', {}, GUESSED)),
  XAA1108: ({ baseUrl }) =>
    postForm(
      `${baseUrl}/token`,
      { grant_type: GRANT_TYPE.refreshToken, refresh_token: 'x' },
      { authorization: basic(NO_SIGN_IN) },
    ),
  XAA1201: ({ baseUrl, alice }) => {
    const [header, claims] = alice.idToken.split('.')
    return exchange(baseUrl, `${header ?? ''}.${claims ?? ''}.${'A'.repeat(86)}`, { resource: TODO })
  },
  XAA1202: ({ baseUrl, old }) => exchange(baseUrl, old.idToken, { resource: TODO }),
  XAA1203: ({ baseUrl, other }) => exchange(baseUrl, other.idToken, { resource: TODO }),
  XAA1204: ({ baseUrl, aged }) => exchange(baseUrl, aged.idToken, { resource: TODO }, BRISK),
  XAA1205: askAfterSessionEnded,
  XAA1206: ({ baseUrl, early }) => exchange(baseUrl, early.idToken, { resource: TODO }),
  XAA1207: saml({ audience: 'https://other.test/saml' }),
  XAA1208: async ({ baseUrl, idJag }) => exchange(baseUrl, await idJag(), { resource: TODO }),
  XAA1209: saml({}, true),
  XAA1210: upstream({}, () => makeKey('foreign')),
  XAA1211: upstream({ iss: UPSTREAM.unreachable }),
  XAA1212: upstream({ aud: 'another-app' }),
  XAA1213: upstream({ tid: 'globex' }),
  XAA1214: upstream({ preferred_username: 'mallory', sub: 'there-mallory' }),
  XAA1215: upstream({ iat: Math.floor(Date.now() / 1000) - 700 }),
  XAA1216: upstreamAfterSessionEnded,
  ...CHAIN_CASES,
  ...WORKLOAD_CASES,
  XAA1301: ask({ audience: 'https://nobody.example' }),
  XAA1302: ({ baseUrl, alice }) => exchange(baseUrl, alice.idToken, { audience: `${baseUrl}/as/vendor/` }),
  XAA1303: ask({ resource: 'https://nobody.example/api' }),
  XAA1304: reach('partial', { resource: `${resourceOf('partial')}/more` }),
  XAA1305: ({ baseUrl, alice }) => exchange(baseUrl, alice.idToken, {}),
  XAA1306: ({ baseUrl, alice }) => exchange(baseUrl, alice.idToken, { audience: baseUrl }),
  XAA1307: reach('off-one'),
  XAA1308: ask({ authorization_details: 'no JSON' }),
  XAA1401: reach('unconnected'),
  XAA1402: reach('draft'),
  XAA1403: reach('suspended'),
  XAA1404: reach('ended'),
  XAA1405: reach('shut'),
  XAA1406: reach('unnamed'),
  XAA1407: async (stage) => {
    await stage.admin('POST', '/connections/agent0-revoked/revoke', { body: { reason: 'test of a code' } })
    return reach('revoked')(stage)
  },
  XAA1408: askWithActor,
  XAA1501: askUnassigned,
  XAA1502: ({ baseUrl, bob }) => exchange(baseUrl, bob.idToken, { resource: TODO }),
  XAA1503: reach('closed'),
  XAA1504: saml({ nameId: 'dave' }),
  XAA1505: reach('nameless'),
  XAA1506: reach('namesake'),
  XAA1601: reach('plain-one', { scope: 'unheard.of' }),
  XAA1602: reach('plain-one', { scope: 'write' }),
  XAA1603: reach('plain-one', { scope: 'read write' }),
  XAA1604: reach('guarded'),
  XAA1605: reach('altered'),
  XAA1606: reach('plain-one', { scope: 'a"b' }),
  XAA1701: reach('denied'),
  XAA1702: reach('unreachable'),
  XAA1704: reach('undecidable'),
  XAA1801: reach('strong'),
  XAA1802: askWhileAsking,
  XAA1901: whileBlocked({ kind: 'user', target: 'alice' }),
  XAA1902: whileBlocked({ kind: 'app', target: AGENT.id }),
  XAA1903: whileBlocked({ kind: 'everything' }),
  XAA1904: askTooOften,
}

/** The same without anything wrong. */
export const CONTROL: Case = reach('plain-one')
