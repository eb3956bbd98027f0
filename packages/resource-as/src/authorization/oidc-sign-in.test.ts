// Which cookies stand for a user, or for a sign-in in progress: only those of the current provider, and not for long.
import { createSealing } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Account, Accounts } from '../ports.ts'
import { createOidcSignIn } from './oidc-sign-in.ts'
import { createSealedCookies } from './sealed-cookies.ts'

const [LOGIN, ENDPOINT, NOW] = ['https://login.test', 'https://as.test/as/main', 1_800_000_000_000]
const account: Account = {
  ...{ id: 'acc-1', authorizationServer: 'main', issuer: LOGIN, subject: 'u-1' },
  ...{ emailVerified: false, createdAt: 0, status: 'active' },
}
const accounts: Accounts = {
  findById: async () => account,
  findByIssuerSubject: async () => account,
  findByOwnId: async () => [],
  findBySubId: async () => [],
  findByVerifiedEmail: async () => [],
  setStatus: async () => false,
}

function open() {
  const asked: string[] = []
  const snapshot = compileRedemptionSnapshot(
    1,
    { issuer: 'https://as.test', clockSkewSeconds: 30 },
    zAuthorizationServer.parse({
      id: 'main',
      authorizationCode: { signIn: { issuer: LOGIN, clientId: 'c', clientSecret: 's' } },
    }),
  )
  const sealing = createSealing(new Uint8Array(32))
  const signIn = createOidcSignIn({
    ...{ snapshot: () => snapshot, endpoint: ENDPOINT, sealing, accounts },
    clock: { nowMs: () => NOW },
    webFetch: () => async (url) => {
      asked.push(String(url))
      throw new TypeError('fetch failed')
    },
    onFault: () => undefined,
  })
  const cookies = createSealedCookies({ sealing, endpoint: ENDPOINT, server: () => 'main', ttlMs: 1000 })
  const browse = (url: string, name: string, value: object) =>
    new Request(url, {
      headers: { cookie: cookies.write(name, value)['set-cookie'].split(';', 1)[0] ?? '' },
    })
  return { signIn, browse, asked }
}

it.each([
  ['this provider', { issuer: LOGIN, expiresAt: NOW + 1 }, {}, true],
  ['another provider', { issuer: 'https://former.test', expiresAt: NOW + 1 }, {}, false],
  ['too long ago', { issuer: LOGIN, expiresAt: NOW }, {}, false],
  [
    'this provider, if a new sign-in is required',
    { issuer: LOGIN, expiresAt: NOW + 1 },
    { again: true },
    false,
  ],
])('a user who signed in at %s', async (_, answer, visit, isKnown) => {
  const { signIn, browse } = open()
  const request = browse(`${ENDPOINT}/authorize`, 'user', { claims: { sub: 'u-1' }, ...answer })
  const found = await signIn.findUser({ request, returnTo: ENDPOINT, again: false, app: 'App', ...visit })
  expect(found instanceof Response).toBe(!isKnown)
  if (isKnown) expect(found).toMatchObject({ account: { state: 'found', id: 'acc-1' } })
})

it.each([
  ['is completed', {}, 'state', 1],
  ['has expired', { expiresAt: NOW }, 'state', 0],
  ['began at another provider', { issuer: 'https://former.test' }, 'state', 0],
  ['has another state', {}, 'sample', 0],
])('a sign-in in this browser that %s', async (_, change, state, requests) => {
  const { signIn, browse, asked } = open()
  const sent = { state: 'state', nonce: 'n', codeVerifier: 'v' }
  const pending = { sent, returnTo: ENDPOINT, issuer: LOGIN, expiresAt: NOW + 1, ...change }
  const request = browse(
    `${ENDPOINT}/signed-in?code=c&state=${state}`,
    `to-${'s'.charCodeAt(0) % 3}`,
    pending,
  )
  const answer = await signIn.takeReturn(request)
  expect(answer.headers.get('set-cookie')).toBeNull()
  expect(asked).toHaveLength(requests)
})
