// Runs the definitions and the API of the page "Choose the user identity at the resource". From an access token or introspection the API learns
// the user's e-mail address, company and identity provider (S7, S8, S11, S12).
import { fileURLToPath } from 'node:url'

import type { ResourceOptions } from '@crosswalk/resource'
import { guard as guardExpress } from '@crosswalk/resource/express'
import { guard as guardFastify } from '@crosswalk/resource/fastify'
import { guard as guardHono, type XaaEnv } from '@crosswalk/resource/hono'
import type { ResourceAsDefinition } from '@crosswalk/resource-as'
import { createWorld, type World } from '@crosswalk/testkit'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

const PAGE = fileURLToPath(new URL('../../../docs/how-to/choose-the-user-identity.md', import.meta.url))
const API = 'https://todo0.test/api'

interface Page {
  readonly idp: { readonly resourceApps: readonly [Readonly<Record<string, unknown>>] }
  readonly authorizationServers: readonly [
    Pick<ResourceAsDefinition, 'trustedIssuers' | 'resources' | 'clients'>,
  ]
}
type Server = Page['authorizationServers'][0]

const page = readSnippets(PAGE)
  .filter(({ info }) => info === 'crosswalk.yaml')
  .reduce((all, { code }) => ({ ...all, ...(parse(code) as Partial<Page>) }), {}) as Page

let world: World
afterEach(() => world.close())

const ALICE = {
  id: 'usr_alice',
  username: 'alice',
  name: 'Alice Chen',
  attributes: { department: 'R&D' },
}

async function open(change: Partial<ResourceAsDefinition> = {}, user: object = {}): Promise<void> {
  const [{ trustedIssuers, resources, clients = [] }] = page.authorizationServers
  world = await createWorld({
    users: [{ ...ALICE, ...user }],
    groups: { engineering: ['alice'] },
    resources: [{ id: 'todo0', scopes: ['todos.read'], runs: 'authorization-server' }],
    authorizationServer: {
      trustedIssuers,
      resources,
      clients: clients.map((client) => ({
        ...client,
        auth: { method: 'client_secret_basic', secret: secretOf(client.id) },
      })) as Server['clients'],
      ...change,
    } as Partial<ResourceAsDefinition>,
  })
  const [{ subject, tenant, claims }] = page.idp.resourceApps
  world.change((definition) => ({
    ...definition,
    resourceApps: definition.resourceApps.map((app) => ({ ...app, subject, tenant, claims }) as typeof app),
  }))
}

/** Registers agents like the world does. */
const secretOf = (clientId: string) => `secret of ${clientId}`

const introspection = { clientId: 'todo0-api', clientSecret: secretOf('todo0-api'), freshnessSeconds: 0 }

async function serve(options: Partial<ResourceOptions> = {}): Promise<void> {
  const code = readSnippets(PAGE).find(({ info }) => info === 'who-calls.ts')?.code ?? ''
  const { createApi } = await runSnippet({ name: 'who-calls', code })
  // Over HTTP or through the world's function, not both.
  const { introspect: _, ...resourceOptions } = world.resourceOptions('todo0')
  const api = (createApi as (options: ResourceOptions) => (request: Request) => Promise<Response>)({
    ...resourceOptions,
    ...options,
  })
  world.mount('https://todo0.test', api)
}

const ask = async () => await (await world.agent().as('alice').at('todo0').fetch('/')).json()

const EXPECTED = {
  user: expect.stringMatching(/^acc_/),
  email: 'alice@acme.test',
  emailVerified: true,
  name: 'Alice Chen',
  company: 'acme',
  issuer: 'https://idp.acme.test',
  subject: expect.any(String),
  department: 'R&D',
}

describe('an API knows the e-mail, company and identity provider of its user', () => {
  it('from one access token', async () => {
    await open()
    await serve()
    expect(await ask()).toEqual(EXPECTED)
  })

  it('from introspection of an opaque token', async () => {
    await open({ accessTokenFormat: 'opaque' })
    await serve({ introspection })
    expect(await ask()).toEqual(EXPECTED)
    expect((await world.agent().as('alice').at('todo0').token()).value.reveal()).not.toContain('.')
  })

  it('consistently: the claims of the JWT are members of the introspection response', async () => {
    await open()
    await serve()
    const token = (await world.agent().as('alice').at('todo0').token()).value.reveal()
    const about = {
      email: 'alice@acme.test',
      email_verified: true,
      name: 'Alice Chen',
      tenant: 'acme',
      department: 'R&D',
      sub_id: { format: 'iss_sub', iss: 'https://idp.acme.test', sub: expect.any(String) },
    }
    expect(decodeJwt(token)).toMatchObject({ ...about, iss: 'https://as.todo0.test', aud: API })
    expect(await introspect(token)).toMatchObject({ active: true, ...about, aud: API })
    // The agent may introspect its own token, which reveals no more than the JWT.
    expect(await introspect(token, 'agent0-at-todo0')).toMatchObject(about)
  })

  it.each(['express', 'fastify', 'hono'] as const)('behind the adapter for %s', async (framework) => {
    await open()
    const options = world.resourceOptions('todo0')
    if (framework === 'hono') {
      const app = new Hono<XaaEnv>().use(guardHono(options))
      app.get('/api', (c) => c.json(c.get('xaa').identity))
      world.mount('https://todo0.test', async (request) => await app.fetch(request))
    } else if (framework === 'express') {
      const app = express().use(guardExpress(options))
      app.get('/api', (req, res) => void res.json(req.xaa?.identity))
      world.mountNode('https://todo0.test', app)
    } else {
      const app = fastify()
      app.addHook('onRequest', guardFastify(options))
      app.get('/api', async (request) => request.xaa?.identity)
      await app.ready()
      world.mountNode('https://todo0.test', (req, res) => void app.server.emit('request', req, res))
    }
    const { user: _, company: tenant, department: __, ...identity } = EXPECTED
    expect(await (await world.agent().as('alice').at('todo0').fetch('')).json()).toEqual({
      ...identity,
      tenant,
    })
  })
})

async function introspect(token: string, clientId = 'todo0-api'): Promise<Record<string, unknown>> {
  const answer = await world.fetch('https://as.todo0.test/as/main/introspect', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(secretOf(clientId))}`)}` },
    body: new URLSearchParams({ token }),
  })
  return (await answer.json()) as Record<string, unknown>
}

describe('what an API learns about its user', () => {
  const [{ trustedIssuers: [trust] = [], resources: [resource] = [] }] = page.authorizationServers
  const listing = (claims: Readonly<Record<string, string>>) =>
    ({ resources: [{ ...resource, id: API, claims }] }) as Partial<ResourceAsDefinition>
  const trusting = (change: object) =>
    ({ trustedIssuers: [{ ...trust, ...change }] }) as Partial<ResourceAsDefinition>

  it('is only the account and the sign-in, unless the resource lists more claims', async () => {
    await open(listing({}))
    await serve()
    const token = (await world.agent().as('alice').at('todo0').token()).value.reveal()
    const minimum = [
      'iss',
      'sub',
      'aud',
      'client_id',
      'jti',
      'iat',
      'exp',
      'scope',
      'auth_time',
      'acr',
      'amr',
    ]
    expect(minimum).toEqual(expect.arrayContaining(Object.keys(decodeJwt(token))))
    expect(await ask()).toEqual({ user: expect.stringMatching(/^acc_/) })
  })

  it('marks an e-mail address as verified only in a domain of the issuer', async () => {
    await open({}, { email: 'alice@elsewhere.test' })
    await serve()
    expect(await ask()).toMatchObject({ email: 'alice@elsewhere.test', emailVerified: false })
  })

  it('identifies an external user by issuer, subject and tenant in any case', async () => {
    await open({ ...trusting({ provisioning: 'external' }), ...listing({}) })
    await serve()
    expect(await ask()).toEqual({
      user: expect.stringMatching(/^ext_/),
      company: 'acme',
      issuer: 'https://idp.acme.test',
      subject: expect.any(String),
    })
  })

  it('can come from the local account', async () => {
    await open(listing({ name: 'account.name', email: 'account.email' }))
    await serve()
    const first = { name: 'Alice Chen', email: 'alice@acme.test', emailVerified: true }
    expect(await ask()).toMatchObject(first)
    world.change((definition) => ({
      ...definition,
      users: (definition.users as readonly object[]).map((user) => ({ ...user, name: 'Alice Doe' })) as never,
    }))
    world.agent().as('alice').forget()
    expect(await ask()).toMatchObject(first)
  })

  it('is denied as a whole if it is too large, with its own code', async () => {
    await open({}, { attributes: { department: 'x'.repeat(5000) } })
    await serve()
    const refused = await world
      .agent()
      .as('alice')
      .at('todo0')
      .fetch('/')
      .catch((error: unknown) => error)
    expect(await world.decision(refused as { decisionId?: string })).toMatchObject({ code: 'XAA2222' })
  })

  it('cannot use reserved claim names, which are rejected at start', async () => {
    for (const name of ['sub', 'scope', 'client_id', 'active'])
      await expect(open(listing({ [name]: 'idJag.department' }))).rejects.toThrow(
        `resources.0.claims.${name}`,
      )
    await open()
  })
})
