// The client with third-party servers, and over a whole working day.
import {
  AnswerRefused,
  BlockedByAdmin,
  clientSecret,
  DiscoveryFailed,
  SignInAgain,
  xaa,
} from '@crosswalk/client'
import { protect } from '@crosswalk/resource/fetch'
import { createResourceAs } from '@crosswalk/resource-as'
import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import { afterEach, describe, expect, it } from 'vitest'

import { forward } from './support/forward.ts'
import { createOddIdp } from './support/odd-idp.ts'
import { startForeignAs } from './support/oidc-provider-as.ts'

expect.extend(matchers)

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function enter(options: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = await createWorld(options)
  closing.push(() => world.close())
  return world
}

describe('a Resource Authorization Server on node-oidc-provider', () => {
  async function meet() {
    const client = { id: 'agent0-at-todo0', secret: 'secret of agent0-at-todo0' }
    const late: { world?: World } = {}
    const fetch = async (url: string, init?: RequestInit) => {
      if (late.world === undefined) throw new Error('too early')
      return await late.world.fetch(url, init)
    }
    const foreign = await startForeignAs({
      idp: 'https://idp.acme.test',
      client,
      fetch,
      nowMs: () => late.world?.nowMs() ?? 0,
    })
    closing.push(() => foreign.stop())
    const { issuer, resource } = foreign
    const world = await enter({
      resources: [{ id: 'todo0', issuer, resource, scopes: ['todos.read', 'todos.write'], runs: 'nothing' }],
    })
    late.world = world
    const guarded = protect(
      world.resourceOptions('todo0'),
      (_, { user, scopes }) => Response.json({ user, scopes }),
      {
        scope: ['todos.read'],
      },
    )
    world.mount(issuer, (request) =>
      new URL(request.url).pathname.match(/^\/api|oauth-protected-resource/)
        ? guarded(request)
        : forward(request, issuer),
    )
    return world
  }

  it('accepts our ID-JAG, and its token works at an API with our SDK', async () => {
    const world = await meet()
    const todo = world.agent().as('alice').at('todo0', { scope: 'todos.read' })
    expect(await (await todo.fetch('/todos')).json()).toEqual({ user: 'usr_alice', scopes: ['todos.read'] })
  })

  it('denies with its own errors, which the client understands', async () => {
    const world = await meet()
    const { options } = world.agent()
    const [issuer = ''] = Object.keys(options.resources ?? {})
    const wrong = { clientId: 'agent0-at-todo0', auth: clientSecret('wrong') }
    const { session } = world.agent().as('alice')
    const token = xaa({ ...options, resources: { [issuer]: wrong } })
      .as(session)
      .at(`${issuer}/api`)
      .token()
    await expect(token).rejects.toMatchObject({
      code: 'XAA2101',
      leg: 'redemption',
      oauthError: 'invalid_client',
    })
  })
})

describe('an unusual identity provider', () => {
  const CLIENT = 'agent0-at-todo0'

  async function meet() {
    const world = await enter({ resources: [{ id: 'todo0', runs: 'authorization-server' }] })
    const odd = await createOddIdp({ clientId: CLIENT, nowMs: world.nowMs })
    world.mount('https://idp.odd.test', odd.fetch)
    const issuer = 'https://as.vendor.test'
    const resource = 'https://vendor.test/api'
    const server = await createResourceAs(
      {
        issuer,
        trustedIssuers: [{ issuer: odd.issuer, jwks: odd.jwks, provisioning: 'external' }],
        clients: [{ id: CLIENT, auth: { method: 'client_secret_basic', secret: 'at the vendor' } }],
        resources: [{ id: resource, scopes: ['todos.read'] }],
      },
      await world.openPorts(),
    )
    world.mount(issuer, (request) => server.fetch(request))
    const options = { ...server.resourceOptions(resource), nowMs: world.nowMs }
    world.mount(
      'https://vendor.test',
      protect(options, (_, { user, scopes }) => Response.json({ user, scopes })),
    )
    const agent = (idp: string | { readonly issuer: string; readonly tokenEndpoint: string }) =>
      xaa({
        ...world.agent().options,
        idp,
        client: { id: 'agent0', auth: clientSecret('at the odd one') },
        resources: { [issuer]: { clientId: CLIENT, auth: clientSecret('at the vendor') } },
      })
        .as({ getSubjectToken: () => ({ token: 'opaque to us', type: 'refresh_token' }) })
        .at(resource)
    return { world, odd, agent }
  }

  it('works if the app configures its endpoint', async () => {
    const { odd, agent } = await meet()
    const { issuer, tokenEndpoint } = odd
    expect(await (await agent({ issuer, tokenEndpoint }).fetch('/')).json()).toEqual({
      user: expect.stringMatching(/^ext_/),
      scopes: ['todos.read'],
    })
    expect(odd.forms.map((form) => form.get('audience'))).toEqual(['https://as.vendor.test'])
  })

  it('gets no credential without matching metadata', async () => {
    const { odd, agent } = await meet()
    await expect(agent(odd.issuer).token()).rejects.toBeInstanceOf(DiscoveryFailed)
    expect(odd.forms).toEqual([])
  })

  it('is rejected if its ID-JAG is for another client', async () => {
    const { world, odd, agent } = await meet()
    const other = await createOddIdp({ clientId: 'somebody-else', nowMs: world.nowMs })
    world.mount('https://idp.other.test', (request) => {
      const url = request.url.replace('idp.other.test', 'idp.odd.test')
      return other.fetch(new Request(url, request))
    })
    const tokenEndpoint = other.tokenEndpoint.replace('idp.odd.test', 'idp.other.test')
    await expect(agent({ issuer: odd.issuer, tokenEndpoint }).token()).rejects.toBeInstanceOf(AnswerRefused)
  })
})

describe('a working day', () => {
  const FIVE_MINUTES = 300

  it('an agent works for eight hours on ID tokens of five minutes, after one sign-in', async () => {
    const world = await enter({ idTokenTtlSeconds: FIVE_MINUTES, accessTokenTtlSeconds: FIVE_MINUTES })
    let signIns = 0
    const { options } = world.agent()
    let tokens: Awaited<ReturnType<World['signIn']>> | undefined
    const agent = xaa(options).as({
      async getSubjectToken({ reason }) {
        if (tokens === undefined) signIns += 1
        tokens ??= await world.signIn('alice')
        return reason === 'use' ? tokens.idToken : { token: tokens.refreshToken, type: 'refresh_token' }
      },
    })
    const todo = agent.at('https://todo0.test/api')
    for (let minutes = 0; minutes <= 480; minutes += 5) {
      expect((await todo.fetch('/todos')).status).toBe(200)
      world.advance(FIVE_MINUTES)
    }
    expect(signIns).toBe(1)
    const exchanges = world.trace().match(/^exchange .*$/gm) ?? []
    expect(exchanges.length).toBeGreaterThanOrEqual(96)
    expect(exchanges.filter((line) => !line.includes('→ 200'))).toEqual([])
  })

  it('and not a minute longer than the organisation allows', async () => {
    const world = await enter({ idTokenTtlSeconds: FIVE_MINUTES })
    const todo = world.agent().as('alice').at('todo0')
    await todo.fetch('/todos')
    world.change((definition) => ({
      ...definition,
      users: (definition.users as readonly { readonly id: string; readonly username: string }[]).map(
        (user) => ({
          ...user,
          active: user.username !== 'alice',
        }),
      ),
    }))
    world.advance(3600)
    const refused = await todo.fetch('/todos').catch((error: unknown) => error)
    expect([SignInAgain, BlockedByAdmin].some((known) => refused instanceof known)).toBe(true)
  })
})
