// What the SDK keeps to itself: subject tokens, credentials, and which servers it trusts.
import { TOKEN_TYPE } from '@crosswalk/protocol'
import { beforeEach, describe, expect, it } from 'vitest'

import { clientSecret, privateKeyJwt } from './client-auth.ts'
import type { LegEvent } from './leg-event.ts'
import type { XaaOptions } from './options.ts'
import { API, challenge, IDP, MockWorld, RAS } from './testing/mock-world.ts'
import { xaa } from './xaa.ts'
import { DiscoveryFailed } from './xaa-error.ts'

const OTHER_IDP = 'https://idp.evil.test'
const OTHER_RAS = 'https://as.evil.test'

let world: MockWorld
beforeEach(async () => {
  world = await MockWorld.create()
})

function agent(options: Partial<XaaOptions> = {}) {
  return xaa({
    idp: IDP,
    client: { id: 'agent0', auth: clientSecret('idp-secret') },
    resources: { [RAS]: { clientId: 'agent0-at-todo0', auth: clientSecret('ras-secret') } },
    fetch: world.fetch,
    nowMs: world.nowMs,
    sleepMs: async () => undefined,
    ...options,
  })
}

const caught = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  )

const hostsAsked = () => [...new Set(world.seen.map(({ url }) => new URL(url).origin))]
const passwordsSentTo = (server: string) =>
  world.seen
    .filter(({ url }) => url.startsWith(server))
    .flatMap(({ headers }) => headers.get('authorization') ?? [])
    .filter((header) => header.startsWith('Basic '))
    .map((header) => decodeURIComponent(atob(header.slice(6))))

describe('subject tokens (CLI-18)', () => {
  it('come from the session at each use: the SDK stores none, and nothing derived from them after sign-out', async () => {
    const token = await world.idToken('alice')
    const asked: string[] = []
    const session = agent().as({
      id: 's1',
      getSubjectToken: ({ reason }) => {
        asked.push(reason)
        return token
      },
    })
    await session.at(API).token()
    await session.at(API).token()
    expect(asked).toEqual(['use', 'use'])
    session.forget()
    await session.at(API).token()
    expect(world.count(`${IDP}/token`)).toBe(2)
  })

  it('go only to the identity provider, in the body, and into no event', async () => {
    const events: LegEvent[] = []
    const token = await world.idToken('alice')
    const session = agent({ onLeg: (event) => events.push(event) }).as({ getSubjectToken: () => token })
    await session.at(API).fetch('/todos')
    const carrying = world.seen.filter(({ url, headers, form }) =>
      `${url} ${[...headers].join(' ')} ${form.toString()}`.includes(token),
    )
    expect(carrying.map(({ url, method }) => `${method} ${url}`)).toEqual([`POST ${IDP}/token`])
    expect(carrying[0]?.form.get('subject_token')).toBe(token)
    expect(events.length).toBeGreaterThan(3)
    expect(JSON.stringify(events)).not.toContain(token)
  })
})

it.each([
  ['bearer', {}],
  ['bound', { dpop: true }],
] as const)(
  'CLI-23 SEC-26: no token, assertion or secret is in any URL, through renewal and widening (%s)',
  async (_, options) => {
    const token = await world.idToken('alice')
    const todo = agent(options)
      .as({ getSubjectToken: () => ({ token, type: 'id_token' }) })
      .at(API, { scope: 'todos.read' })
    let refused = false
    world.api = () => {
      if (refused) return undefined
      refused = true
      return challenge(401, 'error="invalid_token"')
    }
    expect((await todo.fetch('/todos?page=2')).status).toBe(200)
    expect((await todo.fetch('/todos', { method: 'POST', body: '{}' })).status).toBe(200)
    expect(world.count(`${RAS}/token`)).toBe(3)
    for (const { url } of world.seen) expect(url).not.toMatch(/eyJ[\w-]+\.|token=|assertion=|secret/)
    expect(world.seen.filter(({ url }) => url.includes('?')).map(({ url }) => url)).toEqual([
      `${API}/todos?page=2`,
      `${API}/todos?page=2`,
    ])
  },
)

describe('the host decides whom to trust (CLI-22, SEC-23)', () => {
  it('a resource cannot name another identity provider', async () => {
    Object.assign(world, { prm: { idp: OTHER_IDP, issuer: OTHER_IDP, authorization_servers: [RAS] } })
    world.rasMetadata = { trusted_issuers: [OTHER_IDP], token_exchange_endpoint: `${OTHER_IDP}/token` }
    world.api = ({ headers }) =>
      headers.has('authorization') ? undefined : challenge(401, `issuer="${OTHER_IDP}"`)
    const token = await world.idToken('alice')
    const session = agent().as({ getSubjectToken: () => token })
    expect((await session.at(API).fetch('/todos')).status).toBe(200)
    expect(hostsAsked().sort()).toEqual([new URL(API), new URL(IDP), new URL(RAS)].map(toOrigin).sort())
  })

  it('a resource can only choose among the servers that the host allows', async () => {
    world.prm = { authorization_servers: [OTHER_RAS, RAS] }
    const token = await world.idToken('alice')
    const session = agent().as({ getSubjectToken: () => token })
    expect((await session.at(API).fetch('/todos')).status).toBe(200)
    expect(hostsAsked()).not.toContain(OTHER_RAS)
    world.prm = { authorization_servers: [OTHER_RAS] }
    world.seen.length = 0
    const stopped = await caught(
      agent()
        .as({ getSubjectToken: () => token })
        .at(API)
        .fetch('/todos'),
    )
    expect(stopped).toBeInstanceOf(DiscoveryFailed)
    expect(stopped).toMatchObject({ code: 'XAA5005' })
    expect(world.seen.filter(({ method }) => method === 'POST')).toEqual([])
  })

  it('a resource cannot write into the log of the app by the name of a server', async () => {
    const named = `${OTHER_RAS}/\u001b[2J\n\u009b2J\u202eERROR admin signed in${'x'.repeat(10_000)}`
    world.prm = { authorization_servers: [named] }
    const token = await world.idToken('alice')
    const stopped = await caught(agent().as(token).at(API).fetch('/todos'))
    expect(stopped).toBeInstanceOf(DiscoveryFailed)
    const { server = '', hint, message } = stopped as DiscoveryFailed
    expect(server.startsWith(`${OTHER_RAS}/ [2J `)).toBe(true)
    for (const text of [server, hint, message]) {
      expect(text).not.toMatch(/\p{C}/u)
      expect(text.length).toBeLessThan(2500)
    }
  })

  it("metadata that names another server's endpoint is ignored unless its issuer is right", async () => {
    world.rasMetadata = { issuer: OTHER_RAS, token_endpoint: `${RAS}/token` }
    const token = await world.idToken('alice')
    const mixed = await caught(
      agent()
        .as({ getSubjectToken: () => token })
        .at(API)
        .token(),
    )
    expect(mixed).toMatchObject({ name: 'DiscoveryFailed', code: 'XAA4003' })
    expect(world.seen.filter(({ method }) => method === 'POST')).toEqual([])
  })
})

const toOrigin = ({ origin }: URL) => origin

describe('credentials stay with the issuer that gave them (CID-11)', () => {
  const moved = 'https://as.moved.test'
  const token = { token: 'saml-or-refresh', type: 'refresh_token' } as const

  /** The resource moves to another authorization server, at an address that the mock serves. */
  async function move(options: Partial<XaaOptions>) {
    const app = agent({
      ...options,
      fetch: async (url, init = {}) => {
        if (!url.startsWith(moved)) return await world.fetch(url, init)
        await world.fetch(url, init)
        if (url === `${moved}/.well-known/oauth-authorization-server`)
          return Response.json({ issuer: moved, token_endpoint: `${moved}/token` })
        return Response.json({ error: 'invalid_client' }, { status: 401 })
      },
    })
    const session = app.as({ id: 's', getSubjectToken: () => token })
    await session.at(API).token()
    world.seen.length = 0
    return await caught(session.at(API, { authorizationServer: moved }).token())
  }

  it('a secret is used at its own server only, even after the resource moved', async () => {
    expect(await move({})).toMatchObject({ code: 'XAA5005' })
    expect(world.seen.filter(({ url }) => url.startsWith(moved) && url.endsWith('/token'))).toEqual([])
  })

  it('another server has a separate registration, and gets neither the secret nor the tokens of the first', async () => {
    const resources = {
      [RAS]: { clientId: 'agent0-at-todo0', auth: clientSecret('ras-secret') },
      [moved]: { clientId: 'agent0-at-moved', auth: clientSecret('moved-secret') },
    }
    world.idJagClaims = {}
    world.idp = ({ form }) => {
      world.idJagClaims = form.get('audience') === moved ? { client_id: 'agent0-at-moved' } : {}
      return undefined
    }
    await move({ resources })
    expect(world.count(`${IDP}/token`)).toBe(1)
    expect(world.seen.find(({ url }) => url === `${IDP}/token`)?.form.get('audience')).toBe(moved)
    expect(passwordsSentTo(moved)).toEqual(['agent0-at-moved:moved-secret'])
    expect(passwordsSentTo(IDP)).toEqual(['agent0:idp-secret'])
  })

  it('an id that is a metadata document is used with its key at any server, which learns no secret', async () => {
    const { exportJWK, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const auth = privateKeyJwt({ ...(await exportJWK(privateKey)), kid: 'k' })
    const id = 'https://agent.test/client.json'
    world.idJagClaims = { client_id: id }
    const session = xaa({ idp: IDP, client: { id, auth }, fetch: world.fetch, nowMs: world.nowMs }).as({
      getSubjectToken: () => token,
    })
    await session.at(API).token()
    const sent = world.seen.filter(({ url }) => url.endsWith('/token'))
    expect(sent.map(({ form }) => form.get('client_assertion_type'))).toEqual(
      Array(2).fill('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
    )
    expect(sent[0]?.form.get('subject_token_type')).toBe(TOKEN_TYPE.refreshToken)
  })
})
