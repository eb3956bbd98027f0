// Open questions about Cross App Access, each answered by running it. The numbers identify the questions.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT_AT_VENDOR, NOTES, TODO } from '../support/company.ts'
import { basic, postForm, readMetadata, redeem } from '../support/flow.ts'
import {
  claimsOf,
  GATEWAY,
  MAIL,
  OWN_RESOURCE,
  type QuestionsWorld,
  startQuestionsWorld,
  tokenOf,
  WIKI,
} from './questions-world.ts'

let world: QuestionsWorld
beforeAll(async () => {
  world = await startQuestionsWorld()
})
afterAll(async () => {
  for (const { log } of [world.acme, world.vendor])
    expect(log.filter((line) => line.startsWith('fault'))).toEqual([])
  await world.stop()
})

/** Audience of the vendor's server of this name */
const at = (server: string) => `${world.vendor.baseUrl}/as/${server}`

describe('S1: may the requesting app, the IdP and the resource server belong to one organisation?', () => {
  it('yes: one process serves both, as two issuers with separate keys', async () => {
    const { acme } = world
    const own = `${acme.baseUrl}/as/vendor`
    const idJag = await world.ask('alice', { resource: OWN_RESOURCE, scope: 'todos.read' })
    expect(claimsOf(idJag)).toMatchObject({ iss: acme.baseUrl, aud: own })
    expect(claimsOf(await redeem(acme.baseUrl, tokenOf(idJag)))).toMatchObject({
      iss: own,
      aud: OWN_RESOURCE,
    })
    const keysOf = async (url: string) =>
      ((await readMetadata(url)) as unknown as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    const [idp, server] = [await keysOf(`${acme.baseUrl}/jwks`), await keysOf(`${own}/jwks`)]
    expect(idp.filter((kid) => server.includes(kid))).toEqual([])
  })

  it('and safely: the IdP issues no ID-JAG for itself, and redeems none of its own', async () => {
    const { acme } = world
    const self = await world.ask('alice', { audience: acme.baseUrl, resource: OWN_RESOURCE })
    expect(self.body.error).toBe('invalid_target')
    expect(await world.codeOf(acme, self)).toBe('XAA1306')
    const idJag = await world.ask('alice', { resource: OWN_RESOURCE })
    const metadata = await readMetadata(`${acme.baseUrl}/.well-known/openid-configuration`)
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: tokenOf(idJag) }
    const spent = await postForm(metadata.token_endpoint ?? '', grant, {
      authorization: basic({ id: 'agent0', secret: 'agent0 secret at the IdP' }),
    })
    expect(spent.body.error).toBe('unsupported_grant_type')
  })
})

describe("S4: must the resource's authorization server be federated with the IdP?", () => {
  beforeAll(() => world.connect({ id: 'wiki', server: 'wiki', resource: WIKI }))
  it('no: it trusts the issuer and its keys, and signs no user in', async () => {
    const idJag = await world.ask('alice', { audience: at('wiki'), resource: WIKI })
    expect((await world.redeemAt('wiki', tokenOf(idJag))).status).toBe(200)
    const metadata = await readMetadata(
      `${world.vendor.baseUrl}/.well-known/oauth-authorization-server/as/wiki`,
    )
    expect(metadata.response_types_supported).toEqual([])
    const asked = `${metadata.authorization_endpoint}?response_type=code&redirect_uri=https://evil.test`
    const refused = await fetch(asked, { redirect: 'manual' })
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null])
    expect(metadata.grant_types_supported).not.toContain('authorization_code')
  })

  it('trust, account linking and client registration are three settings, each with its own denial code', async () => {
    const refusals = []
    for (const server of ['stranger', 'strict']) {
      const audience = at(server)
      const id = `wiki-${server}`
      await world.connect({ id, server, resource: WIKI })
      const answer = await world.redeemAt(
        server,
        tokenOf(await world.ask('alice', { audience, resource: WIKI })),
      )
      refusals.push([answer.body.error, await world.codeOf(world.vendor, answer)])
    }
    expect(refusals).toEqual([
      ['invalid_grant', 'XAA2202'],
      ['invalid_grant', 'XAA2301'],
    ])
    const idJag = tokenOf(await world.ask('alice', { audience: at('wiki'), resource: WIKI }))
    const unknown = await postForm(
      `${at('wiki')}/token`,
      { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: idJag },
      { authorization: basic({ id: 'nobody', secret: 'of nobody' }) },
    )
    expect(unknown).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await world.redeemAt('wiki', idJag)).status).toBe(200)
  })
})

describe('S7: can `sub` be something other than the internal id?', () => {
  it.each([
    ['user.attributes.employeeNumber', 'E-1001'],
    ['user.email', 'alice@acme.test'],
    ['user.username', 'alice'],
  ])('yes, for each resource app: %s', async (subject, sub) => {
    const id = subject.replaceAll('.', '-')
    const resource = `https://${id.toLowerCase()}.test/api`
    await world.connect({ id, server: 'wiki', resource, subject })
    expect(claimsOf(await world.ask('alice', { audience: at('wiki'), resource }))).toMatchObject({ sub })
  })

  it('also pairwise: stable at one resource, and unlinkable between two', async () => {
    const subs: unknown[] = []
    for (const server of ['wiki', 'gateway']) {
      const [resource, audience] = [`https://pairwise-${server}.test`, at(server)]
      await world.connect({ id: `pairwise-${server}`, server, resource, subject: 'pairwise' })
      for (let time = 0; time < 2; time += 1)
        subs.push(claimsOf(await world.ask('alice', { audience, resource })).sub)
    }
    expect(subs[0]).toBe(subs[1])
    expect(subs[2]).toBe(subs[3])
    expect(new Set([...subs, 'usr_alice']).size).toBe(3)
  })

  it('and a user without a value is denied, with no fallback', async () => {
    const resource = 'https://user-attributes-employeenumber.test/api'
    const answer = await world.ask('carol', { audience: at('wiki'), resource })
    expect(answer.body.error).toBe('access_denied')
    expect(await world.codeOf(world.acme, answer)).toBe('XAA1505')
  })
})

describe('S8: may an ID-JAG carry more claims?', () => {
  it('yes: exactly those that the resource app lists (JAG-22, SEC-34)', async () => {
    const resource = 'https://claims.test/api'
    const claims = { department: 'user.attributes.department', name: 'user.name' }
    await world.connect({ id: 'claims', server: 'wiki', resource, claims })
    expect(claimsOf(await world.ask('alice', { audience: at('wiki'), resource }))).toMatchObject({
      department: 'R&D',
      name: 'alice',
    })
    // carol has no department, so the claim is omitted.
    expect(claimsOf(await world.ask('carol', { audience: at('wiki'), resource }))).not.toHaveProperty(
      'department',
    )
    const plain = claimsOf(
      await world.ask('alice', { audience: `${world.acme.baseUrl}/as/vendor`, resource: NOTES }),
    )
    expect(Object.keys(plain).filter((name) => ['email', 'name', 'department'].includes(name))).toEqual([])
  })
})

describe('S9: why is the audience always localhost:5001 and the client_id always wiki0-at-todo0?', () => {
  it('here the administrator configures both, and the ID-JAG contains them', async () => {
    const [id, resource, audience] = ['own-names', 'https://own-names.test/api', at('wiki')]
    await world.connect({ id, server: 'wiki', resource, aliases: ['urn:acme:own-names'] })
    const claims = claimsOf(await world.ask('alice', { audience: 'urn:acme:own-names', resource }))
    expect(claims).toMatchObject({ aud: audience, client_id: AGENT_AT_VENDOR.id, resource })
    const { etag } = await world.admin('GET', `/connections/agent0-${id}`)
    const changed = await world.admin('PATCH', `/connections/agent0-${id}`, {
      body: { clientId: 'named-by-us' },
      ifMatch: etag,
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect(changed.status).toBe(200)
    expect(claimsOf(await world.ask('alice', { audience, resource }))).toMatchObject({
      client_id: 'named-by-us',
    })
  })

  it.each([
    [
      'an issuer that is not a URL',
      '/resource-apps',
      { id: 'x', name: 'X', issuer: 'localhost:5001' },
      '/issuer',
    ],
    [
      'a resource that the resource app lacks',
      '/connections',
      { id: 'x', app: 'agent0', resourceApp: 'todo0', clientId: 'c', resources: ['https://elsewhere.test'] },
      '/resources/0',
    ],
    [
      'an unknown app',
      '/connections',
      { id: 'x', app: 'wiki0', resourceApp: 'todo0', clientId: 'c', resources: [TODO] },
      '/app',
    ],
  ])('and invalid input is rejected: %s', async (_, path, body, pointer) => {
    const { status, text } = await world.admin('POST', path, { body })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(text).toContain(`"${pointer}"`)
  })
})

describe('S10: two products share one issuer: whose policy applies?', () => {
  const vendor = () => `${world.acme.baseUrl}/as/vendor`

  it('that of the resource, at the IdP', async () => {
    expect(claimsOf(await world.ask('alice', { resource: TODO })).scope).toBe('todos.read todos.write')
    expect(claimsOf(await world.ask('alice', { resource: NOTES })).scope).toBe('notes.read')
    const policy = { id: 'no-notes', when: { resource: NOTES }, effect: 'deny' }
    expect((await world.admin('POST', '/policies', { body: policy })).status).toBe(201)
    expect((await world.ask('alice', { resource: NOTES })).body.error).toBe('access_denied')
    expect((await world.ask('alice', { resource: TODO })).status).toBe(200)
    const { etag } = await world.admin('GET', '/policies/no-notes')
    expect((await world.admin('DELETE', '/policies/no-notes', { ifMatch: etag })).status).toBe(204)
  })

  it('and again at the authorization server: a grant for one gives access only to that one', async () => {
    const idJag = tokenOf(await world.ask('alice', { resource: TODO }))
    const wider = await redeem(world.acme.baseUrl, idJag, { resource: NOTES })
    expect(wider.body.error).toBe('invalid_target')
    expect(await world.codeOf(world.acme, wider)).toBe('XAA2217')
    expect(claimsOf(await redeem(world.acme.baseUrl, idJag)).aud).toBe(TODO)
  })

  it('and an ambiguous request is denied instead of guessed', async () => {
    const open = await world.ask('alice', { audience: vendor() })
    expect(open.body.error).toBe('invalid_target')
    expect(await world.codeOf(world.acme, open)).toBe('XAA1305')
  })
})

describe('S11: should the ID-JAG carry `email`?', () => {
  it('only if the resource app lists it, and only a verified one, marked as such', async () => {
    const resource = 'https://with-email.test/api'
    await world.connect({ id: 'with-email', server: 'wiki', resource, claims: { email: 'user.email' } })
    const ask = async (user: 'alice' | 'carol') =>
      claimsOf(await world.ask(user, { audience: at('wiki'), resource }))
    expect(await ask('alice')).toMatchObject({ email: 'alice@acme.test', email_verified: true })
    const carol = await ask('carol')
    expect(carol).not.toHaveProperty('email')
    expect(carol).not.toHaveProperty('email_verified')
  })

  it('and the resource uses it only within the domains listed for this issuer', async () => {
    await world.connect({ id: 'mail', server: 'mail', resource: MAIL, claims: { email: 'user.email' } })
    const idJag = await world.ask('alice', { audience: at('mail'), resource: MAIL })
    expect(claimsOf(idJag)).toMatchObject({ email: 'alice@acme.test' })
    const answer = await world.redeemAt('mail', tokenOf(idJag))
    expect(answer.body.error).toBe('invalid_grant')
    expect(await world.codeOf(world.vendor, answer)).toBe('XAA2305')
  })
})

describe('S12: can a headless MCP gateway, without sign-in and without accounts, know who the user is?', () => {
  beforeAll(() => world.connect({ id: 'gateway', server: 'gateway', resource: GATEWAY }))
  const cross = async (user: 'alice' | 'bob') => {
    const idJag = await world.ask(user, { audience: at('gateway'), resource: GATEWAY, scope: 'read' })
    return { idJag: tokenOf(idJag), accessToken: tokenOf(await world.redeemAt('gateway', tokenOf(idJag))) }
  }

  it('yes: issuer and subject form a stable key, for users it has never seen', async () => {
    const [first, again, bob] = [await cross('alice'), await cross('alice'), await cross('bob')]
    const keys = [first, again, bob].map(({ accessToken }) => decodeJwt(accessToken).sub)
    expect(keys[0]).toMatch(/^ext_/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    const introspection = await postForm(
      `${at('gateway')}/introspect`,
      { token: first.accessToken },
      { authorization: basic({ id: 'gateway-api', secret: 'secret of the gateway' }) },
    )
    expect(introspection.body).toMatchObject({ active: true, sub: keys[0], aud: GATEWAY, scope: 'read' })
  })

  it('and there is no /userinfo for an ID-JAG: it is a single-use grant for one server', async () => {
    const { idJag, accessToken } = await cross('alice')
    const { userinfo_endpoint: userinfo } = await readMetadata(
      `${world.acme.baseUrl}/.well-known/openid-configuration`,
    )
    for (const token of [idJag, accessToken]) {
      const answer = await fetch(userinfo ?? '', { headers: { authorization: `Bearer ${token}` } })
      expect(answer.status).toBe(401)
    }
    expect((await world.redeemAt('gateway', idJag)).body.error).toBe('invalid_grant')
  })
})
