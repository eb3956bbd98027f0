// A service that has users of its own: its authorization server finds them by its functions, and never makes or guesses one.
import { GrantRefused } from '@crosswalk/client'
import { protect } from '@crosswalk/resource/fetch'
import { createResourceAs, type OwnUser } from '@crosswalk/resource-as'
import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import { afterEach, beforeEach, expect, it } from 'vitest'

expect.extend(matchers)

const ISSUER = 'https://as.todo0.test'
const API = 'https://todo0.test/api'
const CLIENT = 'agent0-at-todo0'

let world: World
let links: Map<string, OwnUser>
let byEmail: Map<string, OwnUser>
beforeEach(async () => {
  links = new Map()
  byEmail = new Map()
  world = await createWorld({
    users: ['alice', 'carol', { id: 'usr_eve', username: 'eve', email: 'eve@elsewhere.test' }],
    resources: [{ id: 'todo0', runs: 'nothing' }],
    connections: [{ from: 'agent0', to: 'todo0' }],
  })
  world.change((company) => ({
    ...company,
    resourceApps: company.resourceApps.map((app) => ({ ...app, claims: { email: 'user.email' } })),
  }))
  const server = await createResourceAs(
    {
      issuer: ISSUER,
      trustedIssuers: [{ issuer: world.idp, subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }],
      clients: [{ id: CLIENT, auth: { method: 'client_secret_basic', secret: world.secretOf(CLIENT) } }],
      resources: [{ id: API, scopes: ['todos.read', 'todos.write'] }],
      users: {
        bySubject: ({ issuer, subject }) => links.get(`${issuer} ${subject}`),
        byVerifiedEmail: async (email) => byEmail.get(email),
      },
    },
    await world.openPorts(),
  )
  world.mount(ISSUER, (request) => server.fetch(request))
  const resource = { ...server.resourceOptions(API), nowMs: world.nowMs }
  world.mount(
    'https://todo0.test',
    protect(resource, (_, { user }) => Response.json(user)),
  )
})
afterEach(() => world.close())

const userOf = async (username: string) =>
  await (await world.agent().as(username).at('todo0').fetch('/')).json()

it('finds who was linked before (RAS-29)', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  expect(await userOf('alice')).toBe('u-1')
})

it('finds by an e-mail address that the issuer verified, of a domain it answers for (RAS-30)', async () => {
  byEmail.set('carol@acme.test', 'u-2')
  byEmail.set('eve@elsewhere.test', 'u-3')
  expect(await userOf('carol')).toBe('u-2')
  await expect(userOf('eve')).rejects.toBeXaa('XAA2305')
})

it('refuses whom the service does not know, and whom it disabled', async () => {
  await expect(userOf('alice')).rejects.toBeXaa('XAA2301')
  links.set(`${world.idp} usr_alice`, { id: 'u-1', active: false })
  const refused = await userOf('alice').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(GrantRefused)
  await expect(refused).toBeXaa('XAA2303')
})
