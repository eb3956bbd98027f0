// Users of an embedded server who sign in at an OpenID provider: found by e-mail once, and linked when they consent.
import { createResourceAs } from '@crosswalk/resource-as'
import { createWorld } from '@crosswalk/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

import { openAsUser, pressConsent } from '../support/code-flow.ts'

const ISSUER = 'https://as.todo0.test'
const API = 'https://todo0.test/api'
const APP = { id: 'web', redirectUri: 'https://web.test/callback' }
const LOGIN = { method: 'client_secret_basic', secret: 'the secret of the service at its provider' } as const

type Options = Parameters<typeof createResourceAs>[0]

/** @param users - how the service knows bob */
async function open(
  users: NonNullable<Options['users']>,
  more: Partial<Options> = {},
  ports: { readonly onFault?: (fault: unknown) => void } = {},
) {
  const world = await createWorld({
    users: ['bob'],
    resources: [{ id: 'todo0', runs: 'nothing' }],
    connections: [],
  })
  onTestFinished(() => world.close())
  vi.stubGlobal('fetch', world.fetch)
  onTestFinished(() => void vi.unstubAllGlobals())
  world.change((company) => ({
    ...company,
    apps: [
      ...company.apps,
      {
        ...{ id: 'todo0-login', name: 'Todo0', kind: 'web', auth: LOGIN },
        ...{ redirectUris: [`${ISSUER}/as/main/signed-in`], assignments: { everyone: true } },
      },
    ],
  }))
  const server = await createResourceAs(
    {
      issuer: ISSUER,
      clients: [{ id: APP.id, auth: { method: 'none' }, redirectUris: [APP.redirectUri] }],
      resources: [{ id: API, scopes: ['todos.read'] }],
      authorizationCode: {
        signIn: {
          ...{ issuer: world.idp, clientId: 'todo0-login', clientSecret: LOGIN.secret },
          ...{ subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] },
        },
      },
      users,
      ...more,
    },
    { ...(await world.openPorts()), signInFetch: () => world.fetch as typeof fetch, ...ports },
  )
  world.mount(ISSUER, (request) => server.fetch(request))
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: APP.id, redirect_uri: APP.redirectUri },
    ...{ code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' },
  })
  const jar = new Map<string, string>()
  const walked = await openAsUser(`${ISSUER}/as/main/authorize?${query}`, 'bob', jar)
  return { idp: world.idp, jar, ...walked }
}

it('links an account found by address only after its user consents', async () => {
  const linked: unknown[] = []
  const {
    idp,
    jar,
    page = '',
  } = await open({
    byId: (id) => ({ id, active: true, email: 'bob@acme.test', name: 'Bob' }),
    bySubject: () => undefined,
    byVerifiedEmail: (email) => (email === 'bob@acme.test' ? 'u-bob' : undefined),
    onLinked: (id, { issuer, subject }) => linked.push([id, issuer, subject]),
  })
  expect(page).toContain('signed in as <strong>bob@acme.test</strong>')
  expect(linked).toEqual([])
  const answer = await pressConsent(page, jar)
  expect(answer.headers.get('location')).toContain(`${APP.redirectUri}?code=`)
  expect(linked).toEqual([['u-bob', idp, 'usr_bob']])
})

it('gives a code even if the link cannot be stored, since the address finds the account again', async () => {
  const fault = new Error('the database of the service is down')
  const users = {
    byId: (id: string) => ({ id, active: true }),
    bySubject: () => undefined,
    byVerifiedEmail: () => 'u-bob',
    onLinked: () => Promise.reject(fault),
  }
  const faults: unknown[] = []
  const { jar, page = '' } = await open(users, {}, { onFault: (one) => faults.push(one) })
  const answer = await pressConsent(page, jar)
  expect(answer.headers.get('location')).toContain(`${APP.redirectUri}?code=`)
  expect(faults).toEqual([fault])
})

it('reports a fault of the service’s users, and tells the browser nothing about it', async () => {
  const fault = new Error('the database of the service is down')
  const users = { byId: () => Promise.reject(fault), bySubject: () => 'u-bob' }
  const faults: unknown[] = []
  const { page = '' } = await open(users, {}, { onFault: (one) => faults.push(one) })
  expect(faults).toMatchObject([{ cause: fault }])
  expect(page).not.toContain('database')
})

it.each([
  [true, /company/],
  [false, /Allow/],
])(
  'a company that requires its ID-JAGs, %s, decides about an address that only the provider knows',
  async (requireIdJag, shown) => {
    const { page } = await open(
      { byId: (id) => ({ id, active: true }), bySubject: () => 'u-bob' },
      { trustedIssuers: [{ issuer: 'https://idp.acme.test', emailDomains: ['acme.test'], requireIdJag }] },
    )
    expect(page).toMatch(shown)
  },
)
