// A service with its own users: its authorization server finds them through the service's functions, and never creates or guesses one.
import { GrantRefused } from '@crosswalk/client'
import { protect } from '@crosswalk/resource/fetch'
import { createResourceAs, type EmbeddedResourceAs, type OwnUser } from '@crosswalk/resource-as'
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
/** By id; unlisted users are active */
let disabled: Set<string>
let isBroken: boolean
let asked: unknown[][]
let faults: string[]
/** Codes of denied API requests */
let refusals: string[]
let server: EmbeddedResourceAs
beforeEach(async () => {
  links = new Map()
  byEmail = new Map()
  disabled = new Set()
  isBroken = false
  asked = []
  faults = []
  refusals = []
  world = await createWorld({
    users: ['alice', 'carol', { id: 'usr_eve', username: 'eve', email: 'eve@elsewhere.test' }],
    resources: [{ id: 'todo0', runs: 'nothing' }],
    connections: [{ from: 'agent0', to: 'todo0' }],
  })
  world.change((company) => ({
    ...company,
    resourceApps: company.resourceApps.map((app) => ({ ...app, claims: { email: 'user.email' } })),
  }))
  server = await createResourceAs(
    {
      issuer: ISSUER,
      trustedIssuers: [{ issuer: world.idp, subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }],
      clients: [{ id: CLIENT, auth: { method: 'client_secret_basic', secret: world.secretOf(CLIENT) } }],
      resources: [{ id: API, scopes: ['todos.read', 'todos.write'] }],
      users: {
        byId: (id) => ({ id, active: !disabled.has(id) }),
        bySubject: (identity) => {
          asked.push(['bySubject', identity])
          if (isBroken) throw new Error('connect ECONNREFUSED')
          return links.get(`${identity.issuer} ${identity.subject}`)
        },
        byVerifiedEmail: async (email, identity) => {
          asked.push(['byVerifiedEmail', email, identity])
          return byEmail.get(email)
        },
        onLinked: async (id, { issuer, subject }) => {
          if (id === 'u-broken') throw new Error('the table of links is gone')
          asked.push(['onLinked', id])
          links.set(`${issuer} ${subject}`, id)
        },
      },
    },
    { ...(await world.openPorts()), onFault: (fault) => void faults.push(String(fault)) },
  )
  world.mount(ISSUER, (request) => server.fetch(request))
  const resource = {
    ...server.resourceOptions(API),
    onRefused: ({ code }: { code: string }) => void refusals.push(code),
  }
  world.mount(
    'https://todo0.test',
    protect(resource, (_, { user }) => Response.json(user)),
  )
})
afterEach(() => world.close())

const userOf = async (username: string) =>
  await (await world.agent().as(username).at('todo0').fetch('/')).json()

it('finds a linked user (RAS-29)', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  expect(await userOf('alice')).toBe('u-1')
})

it('finds a user by a verified e-mail address in a domain of the issuer (RAS-30)', async () => {
  byEmail.set('carol@acme.test', 'u-2')
  byEmail.set('eve@elsewhere.test', 'u-3')
  expect(await userOf('carol')).toBe('u-2')
  await expect(userOf('eve')).rejects.toBeXaa('XAA2305')
})

it('denies unknown and disabled users', async () => {
  await expect(userOf('alice')).rejects.toBeXaa('XAA2301')
  links.set(`${world.idp} usr_alice`, { id: 'u-1', active: false })
  const refused = await userOf('alice').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(GrantRefused)
  await expect(refused).toBeXaa('XAA2303')
})

it.each(['bySubject', 'byVerifiedEmail'])(
  'issues nothing to a disabled user of whom %s returns the id alone (XAA2303)',
  async (step) => {
    if (step === 'bySubject') links.set(`${world.idp} usr_carol`, 'u-2')
    else byEmail.set('carol@acme.test', 'u-2')
    disabled.add('u-2')
    await expect(userOf('carol')).rejects.toBeXaa('XAA2303')
    disabled.delete('u-2')
    expect(await userOf('carol')).toBe('u-2')
  },
)

it('denies the token of a user at the next request after the service disables or deletes them (RAS-32)', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  links.set(`${world.idp} usr_carol`, 'u-2')
  const [alice, carol] = ['alice', 'carol'].map((name) => world.agent().as(name).at('todo0'))
  const statusOf = async (session = alice) => {
    const token = await session?.token()
    const headers = { authorization: `Bearer ${token?.value.reveal()}` }
    return (await world.fetch(`${API}/todos`, { headers })).status
  }
  expect([await statusOf(), await statusOf(carol)]).toEqual([200, 200])
  disabled.add('u-1')
  expect([await statusOf(), await statusOf(carol)]).toEqual([401, 200])
  disabled.delete('u-1')
  expect(await statusOf()).toBe(200)
})

it('revokes every token of a user, and no other user’s, and records it', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  links.set(`${world.idp} usr_carol`, 'u-2')
  const tokens = await Promise.all(
    ['alice', 'carol'].map(async (name) => (await world.agent().as(name).at('todo0').token()).value.reveal()),
  )
  const active = async () =>
    await Promise.all(tokens.map(async (token) => (await server.introspect(token, API)).active))
  expect(await active()).toEqual([true, true])
  expect(await server.revokeUser('u-1')).toBe(1)
  expect(await active()).toEqual([false, true])
  expect(await server.revokeUser('u-1')).toBe(0)
  expect(await server.revokeUser('u-9')).toBe(0)
})

it('reports an expired token as expired by the clock of its server, not as revoked', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  const { value } = await world.agent().as('alice').at('todo0').token()
  const call = async () =>
    (await world.fetch(`${API}/todos`, { headers: { authorization: `Bearer ${value.reveal()}` } })).status
  expect(await call()).toBe(200)
  world.advance(601)
  expect(await call()).toBe(401)
  world.advance(60)
  expect(await call()).toBe(401)
  expect(refusals).toEqual(['XAA3003', 'XAA3003'])
})

it('passes everything known about the user to the functions (RAS-29, RAS-30)', async () => {
  const identity = { issuer: world.idp, subject: 'usr_carol', email: 'carol@acme.test' }
  byEmail.set('carol@acme.test', 'u-2')
  await userOf('carol')
  expect(asked).toEqual([
    ['bySubject', identity],
    ['byVerifiedEmail', 'carol@acme.test', identity],
    ['onLinked', 'u-2'],
  ])
  await expect(userOf('eve')).rejects.toBeXaa('XAA2305')
  // An address outside the issuer's domains is not passed on.
  expect(asked.at(-1)).toEqual(['bySubject', { issuer: world.idp, subject: 'usr_eve' }])
})

it('finds a user by the link once found by e-mail, whatever happens to the address', async () => {
  byEmail.set('carol@acme.test', 'u-2')
  expect(await userOf('carol')).toBe('u-2')
  byEmail.set('carol@acme.test', 'u-other')
  world.advance(700)
  expect(await userOf('carol')).toBe('u-2')
  expect(asked.filter(([name]) => name === 'onLinked')).toHaveLength(1)
})

it('grants access even if the link cannot be stored, and reports it', async () => {
  byEmail.set('carol@acme.test', 'u-broken')
  expect(await userOf('carol')).toBe('u-broken')
  expect(faults).toEqual(['Error: the table of links is gone'])
})

it('tells the agent to retry while the service cannot look users up, and reports why', async () => {
  links.set(`${world.idp} usr_alice`, 'u-1')
  isBroken = true
  const refused = await userOf('alice').catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 503, retryAfterSeconds: 2 })
  expect(faults).toContain('UserLookupFault: users cannot be looked up: connect ECONNREFUSED')
  isBroken = false
  expect(await userOf('alice')).toBe('u-1')
})

it.each([
  ['a number as id', { id: 7, active: true }],
  ['an empty id', { id: '', active: true }],
  ['an empty text', ''],
  ['a number', 7],
  ['a list of rows', [{ id: 'u-1', active: true }]],
  ['no state', { id: 'u-1' }],
  ['a number as state', { id: 'u-1', active: 1 }],
])(
  'reports a look-up that returns %s, instead of taking it for another or a disabled user',
  async (_, found) => {
    links.set(`${world.idp} usr_alice`, found as OwnUser)
    const refused = await userOf('alice').catch((error: unknown) => error)
    expect(refused).toMatchObject({ status: 503, retryAfterSeconds: 2 })
    expect(faults).toContain(
      'UserLookupFault: users cannot be looked up: users.bySubject must return an id (text), { id, active } with active true or false, or nothing',
    )
  },
)

it('takes an object of a class, as object mappers return', async () => {
  class User {
    get id() {
      return 'u-1'
    }
    get active() {
      return true
    }
  }
  links.set(`${world.idp} usr_alice`, new User())
  expect(await userOf('alice')).toBe('u-1')
})
