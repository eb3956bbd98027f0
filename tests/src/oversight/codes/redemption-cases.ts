// For each code of the Resource Authorization Server a request that ends with it.
import { GRANT_TYPE } from '@crosswalk/protocol'

import { ASSERTION_TYPE, makeClientAssertion } from '../../protocol/support/proofs.ts'
import { AGENT_AT_VENDOR, NOTES, TODO } from '../../support/company.ts'
import { basic, exchange, postForm, redeem } from '../../support/flow.ts'
import { ENTITY, ISSUERS, LOST, NARROW_AT_VENDOR } from './definitions.ts'
import { type Case, GUESSED, guessSecrets } from './exchange-cases.ts'

type Claims = Readonly<Record<string, unknown>>
const { open, strict, byEmail, tenant, named, unreachable } = ISSUERS

/** An ID-JAG of an issuer that is trusted with everybody, changed in one thing. */
const present =
  (claims: Claims, form: Readonly<Record<string, string>> = {}): Case =>
  async ({ baseUrl, forge }) =>
    redeem(baseUrl, await forge(open, claims), form)

const from =
  (issuer: string, claims: Claims = {}): Case =>
  async ({ baseUrl, forge }) =>
    redeem(baseUrl, await forge(issuer, claims))

const now = () => Math.floor(Date.now() / 1000)
const nameTwice = (sub: string, nameid: string) => ({
  sub,
  sub_id: { format: 'saml-nameid', issuer: ENTITY, nameid },
})

export const REDEMPTION_CASES: Readonly<Record<string, Case>> = {
  XAA2001: ({ baseUrl }) => redeem(baseUrl, 'x', { grant_type: 'client_credentials' }),
  XAA2002: ({ baseUrl }) =>
    postForm(
      `${baseUrl}/as/vendor/token`,
      { grant_type: GRANT_TYPE.jwtBearer },
      { authorization: basic(AGENT_AT_VENDOR) },
    ),
  XAA2101: ({ baseUrl }) => redeem(baseUrl, 'x', {}, { id: AGENT_AT_VENDOR.id, secret: 'wrong' }),
  XAA2102: async ({ baseUrl, idJag }) =>
    redeem(baseUrl, await idJag(), {}, { id: 'todo0-api', secret: 'todo0 api secret' }),
  XAA2103: present({ client_id: 'somebody-else' }),
  XAA2104: async ({ baseUrl, forge }) =>
    redeem(baseUrl, await forge(open, { client_id: NARROW_AT_VENDOR.id }), {}, NARROW_AT_VENDOR),
  XAA2105: async ({ baseUrl, keys }) => {
    const audience = `${baseUrl}/as/vendor`
    return postForm(`${audience}/token`, {
      grant_type: GRANT_TYPE.jwtBearer,
      assertion: 'x',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await makeClientAssertion({ clientId: LOST.id, audience, key: keys.keyed }),
    })
  },
  XAA2106: ({ baseUrl }) => guessSecrets(() => redeem(baseUrl, 'x', {}, GUESSED)),
  XAA2201: ({ baseUrl, alice }) => redeem(baseUrl, alice.idToken),
  XAA2202: from('https://nobody.example'),
  XAA2203: async ({ baseUrl, forge, keys }) =>
    redeem(baseUrl, await forge(open, {}, { key: { ...keys.keyed, kid: 'foreign' } })),
  XAA2204: from(unreachable),
  XAA2205: async ({ baseUrl, forge, keys }) => redeem(baseUrl, await forge(open, {}, { key: keys.wide })),
  XAA2206: async (stage) => present({ iat: now() - 400, exp: now() - 120 })(stage),
  XAA2207: async (stage) => present({ iat: now() + 120, exp: now() + 400 })(stage),
  XAA2208: async (stage) => present({ exp: now() + 900 })(stage),
  XAA2209: async ({ baseUrl, idJag }) => {
    const assertion = await idJag()
    await redeem(baseUrl, assertion)
    return redeem(baseUrl, assertion)
  },
  XAA2210: present({ jti: undefined }),
  XAA2211: present({ aud: 'https://elsewhere.example' }),
  XAA2212: async ({ baseUrl, forge }) =>
    redeem(baseUrl, await forge(open, { aud: [`${baseUrl}/as/vendor`, 'https://elsewhere.example'] })),
  XAA2213: present({ resource: 'https://elsewhere.example/api' }),
  XAA2214: from(tenant, { tenant: 'other' }),
  XAA2215: present({ cnf: { jkt: 'x'.repeat(43) } }),
  XAA2216: async ({ baseUrl, admin, alice }) => {
    const { body } = await exchange(baseUrl, alice.idToken, { resource: NOTES })
    await admin('POST', '/connections/agent0-notes0/revoke', { body: { reason: 'test of a code' } })
    return redeem(baseUrl, String(body.access_token))
  },
  XAA2217: present({}, { resource: 'https://elsewhere.example/api' }),
  XAA2218: present({ act: 'no object' }),
  XAA2219: async ({ baseUrl, forge, dpop }) =>
    postForm(
      `${baseUrl}/as/vendor/token`,
      { grant_type: GRANT_TYPE.jwtBearer, assertion: await forge(open) },
      { authorization: basic(AGENT_AT_VENDOR), dpop: await dpop.prove('https://elsewhere.example/token') },
    ),
  XAA2220: async ({ strict: { baseUrl, alice }, dpop }) => {
    const { body } = await exchange(baseUrl, alice.idToken, { resource: TODO })
    return postForm(
      `${baseUrl}/as/vendor/token`,
      { grant_type: GRANT_TYPE.jwtBearer, assertion: String(body.access_token) },
      { authorization: basic(AGENT_AT_VENDOR), dpop: await dpop.prove(`${baseUrl}/as/vendor/token`) },
    )
  },
  XAA2221: present({ authorization_details: [{ type: 'unheard-of' }] }),
  XAA2222: present({ note: 'x'.repeat(5000) }),
  XAA2301: from(strict, { sub: 'stranger' }),
  // Each name alone is that of a user, and not of the same one.
  XAA2302: async ({ baseUrl, forge }) => {
    for (const name of ['one', 'two']) await redeem(baseUrl, await forge(named, nameTwice(name, name)))
    return redeem(baseUrl, await forge(named, nameTwice('one', 'two')))
  },
  XAA2303: async ({ baseUrl, forge, disableAccount }) => {
    await redeem(baseUrl, await forge(open, { sub: 'zoe' }))
    await disableAccount(open, 'zoe')
    return redeem(baseUrl, await forge(open, { sub: 'zoe' }))
  },
  XAA2306: async ({ baseUrl, forge }) =>
    redeem(baseUrl, await forge(ISSUERS.open, { sub: 'workload/report', sub_profile: 'service' })),
  XAA2305: from(byEmail, { sub: 'stranger', email: 'a@acme.test', email_verified: false }),
  XAA2401: present({ scope: 'todos.read' }, { scope: 'todos.write' }),
  XAA2403: present({ scope: 'unheard.of' }),
  XAA2404: present({}, { scope: '"todos.read"' }),
}
