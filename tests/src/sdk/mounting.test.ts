// Both servers and a protected API mounted in other people's frameworks, on real sockets, reached by an agent of the testkit.
import { createIdp, type Idp } from '@crosswalk/idp'
import { createResource } from '@crosswalk/resource'
import { createResourceAs, toMiddleware } from '@crosswalk/resource-as'
import { openPorts, type Ports } from '@crosswalk/storage'
import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import express, { type ErrorRequestHandler } from 'express'
import { afterEach, describe, expect, it } from 'vitest'

import { postForm, basic, readMetadata } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { forward } from './support/forward.ts'
import { FRAMEWORKS, type Listening } from './support/frameworks.ts'

expect.extend(matchers)

const ISSUER = 'https://todo0.test'
const API = 'https://todo0.test/api'
const CLIENT = 'agent0-at-todo0'
const secret = (id: string) => ({ method: 'client_secret_basic', secret: `secret of ${id}` }) as const

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** A vendor whose API and authorization server are one app of the framework; alice may read there. */
async function mountVendor(name: string): Promise<{ readonly world: World; readonly listening: Listening }> {
  const world = await createWorld({
    resources: [{ id: 'todo0', issuer: ISSUER, runs: 'nothing' }],
    connections: [{ from: 'agent0', to: 'todo0', people: 'engineering', scopes: ['todos.read'] }],
  })
  closing.push(() => world.close())
  const server = await createResourceAs(
    {
      issuer: ISSUER,
      trustedIssuers: [{ issuer: world.idp, provisioning: 'jit' }],
      clients: [{ id: CLIENT, auth: secret(CLIENT) }],
      resources: [{ id: API, scopes: ['todos.read', 'todos.write'] }],
    },
    await world.openPorts(),
  )
  const api = createResource(world.resourceOptions('todo0'))
  const listening = await FRAMEWORKS[name]?.({ server, api })
  if (listening === undefined) throw new Error(`no framework ${name}`)
  closing.push(() => listening.close())
  world.mount(ISSUER, (request) => forward(request, listening.origin))
  return { world, listening }
}

describe.each(Object.keys(FRAMEWORKS))('an API with its own authorization server in %s', (name) => {
  it('takes an agent from the 401 of the API through its server to the answer', async () => {
    const { world } = await mountVendor(name)
    const todo = world.agent().as('alice').at('todo0')
    expect(await (await todo.fetch('/todos')).json()).toMatchObject({
      user: expect.stringMatching(/^acc_/),
      scopes: ['todos.read'],
      framework: name,
    })
    expect(world.trace()).toContain('POST https://todo0.test/as/main/token → 200')
  })

  it('refuses whom the organisation refuses, and what the token does not cover (RS-03, RS-04)', async () => {
    const { world, listening } = await mountVendor(name)
    await expect(world.agent().as('bob').at('todo0').token()).rejects.toBeXaa('XAA1503')
    const write = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"title":"x"}' }
    await expect(world.agent().as('alice').at('todo0').fetch('/todos', write)).rejects.toBeXaa('XAA3004')
    const unknown = await fetch(`${listening.origin}/api/todos`)
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get('www-authenticate')).toContain(
      'resource_metadata="https://todo0.test/.well-known/oauth-protected-resource/api"',
    )
  })

  it('reads bodies that are for the app after the server, and leaves other paths to the app', async () => {
    const { world, listening } = await mountVendor(name)
    world.change((definition) => ({
      ...definition,
      connections: definition.connections.map((one) => ({ ...one, scopes: ['todos.read', 'todos.write'] })),
    }))
    const body = JSON.stringify({ title: 'buy milk' })
    const todo = world.agent().as('alice').at('todo0', { scope: 'todos.write' })
    const headers = { 'content-type': 'application/json' }
    expect(await (await todo.fetch('/todos', { method: 'POST', headers, body })).json()).toEqual({
      title: 'buy milk',
    })
    expect(await (await fetch(`${listening.origin}/hello`)).text()).toBe('hello')
  })
})

describe.each(Object.keys(FRAMEWORKS))('an identity provider in %s', (name) => {
  it('signs a person in through its pages and redeems the code', async () => {
    const late: { idp?: Idp } = {}
    const server = {
      fetch: (request: Request, ip?: string) =>
        late.idp?.fetch(request, ip) ?? Promise.reject(new Error('too early')),
      // In a framework with other routes than the IdP's, these are left to it.
      serves: (path: string) => path !== '/hello',
    }
    const listening = await FRAMEWORKS[name]?.({ server })
    if (listening === undefined) throw new Error(`no framework ${name}`)
    closing.push(() => listening.close())
    const ports = await openPorts('sqlite::memory:')
    closing.push(() => ports.close())
    late.idp = await createCompany(listening.origin, ports)
    const metadata = await readMetadata(`${listening.origin}/.well-known/openid-configuration`)
    const { code, codeVerifier } = await signIn({
      authorizationEndpoint: metadata.authorization_endpoint ?? '',
      clientId: 'agent0',
      redirectUri: 'http://127.0.0.1:7777/callback',
      username: 'alice',
      password: 'correct horse',
    })
    const form = {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: 'http://127.0.0.1:7777/callback',
      code_verifier: codeVerifier,
    }
    const credentials = { id: 'agent0', secret: 'secret of agent0' }
    const answer = await postForm(metadata.token_endpoint ?? '', form, { authorization: basic(credentials) })
    expect(answer.body).toMatchObject({ token_type: 'Bearer', id_token: expect.stringMatching(/^eyJ/) })
    expect(answer.headers.get('crosswalk-decision')).toMatch(/^dec_/)
  })
})

async function createCompany(issuer: string, ports: Ports): Promise<Idp> {
  return await createIdp(
    {
      issuer,
      users: [{ id: 'usr_alice', username: 'alice', password: 'correct horse' }],
      apps: [
        {
          id: 'agent0',
          name: 'Agent0',
          kind: 'agent',
          redirectUris: ['http://127.0.0.1:7777/callback'],
          auth: secret('agent0'),
          assignments: { everyone: true },
        },
      ],
      resourceApps: [],
      connections: [],
    },
    ports,
  )
}

it('says so where a body parser came first, instead of finding an empty request', async () => {
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.use(toMiddleware({ fetch: async () => new Response('reached') }))
  app.use(((error, _, res, __) => void res.status(500).send(error.message)) as ErrorRequestHandler)
  const listening = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  closing.push(async () => void listening.close())
  const { port } = listening.address() as { readonly port: number }
  const send = (body?: URLSearchParams) =>
    fetch(`http://127.0.0.1:${port}/token`, body === undefined ? {} : { method: 'POST', body })
  expect(await (await send(new URLSearchParams({ a: 'b' }))).text()).toContain('before body parsers')
  expect(await (await send()).text()).toBe('reached')
})
