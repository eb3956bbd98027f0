// A company with users and apps for sign-in tests: everything in memory, without a listening server.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import {
  createSealing,
  createSigner,
  importVerificationKey,
  type AuditEvent,
  type SigningKey,
} from '@crosswalk/as-core'
import { zApp, zUser, type AppDefinition } from '@crosswalk/protocol'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

import type { User } from '../../ports.ts'
import type { SignIn, SignInConfig, SignInPorts } from '../contract.ts'
import { chooseByLogin } from '../choose-by-login.ts'
import { hashPassword } from '../passwords.ts'
import { createSignIn } from '../sign-in.ts'
import { createBrowser } from './browser.ts'
import { createMemorySecondFactors } from './memory-second-factors.ts'
import { createMemorySignInStore } from './memory-sign-in-store.ts'

export const ORIGIN = 'http://127.0.0.1:4000'
export const PASSWORDS = {
  alice: 'correct horse alice',
  bob: 'correct horse bob',
  dave: 'correct horse dave',
} as const
const CALLBACK = 'http://127.0.0.1:4004/callback'
const SECRET = 'agent0-secret: with +odd% characters'

const USERS: readonly User[] = [
  {
    username: 'alice',
    email: 'alice@acme.test',
    emailVerified: true,
    name: 'Alice <Chen>',
    groups: ['engineering'],
  },
  { username: 'bob', groups: ['sales'] },
  { username: 'dave', groups: ['engineering'], active: false },
  { username: 'erin', groups: ['engineering'] },
].map((user) => zUser.parse({ id: `usr_${user.username}`, ...user }))

const APPS: readonly AppDefinition[] = [
  {
    id: 'agent0',
    name: 'Agent0',
    kind: 'agent',
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: ['http://127.0.0.1:4004/bye'],
    auth: { method: 'client_secret_basic', secret: SECRET },
    assignments: { groups: ['engineering'] },
  },
  {
    id: 'portal',
    name: 'Portal & <More>',
    kind: 'web',
    redirectUris: ['https://portal.example/callback'],
    auth: { method: 'client_secret_post', secret: SECRET },
    assignments: { everyone: true },
  },
  {
    id: 'native',
    name: 'Native',
    kind: 'agent',
    redirectUris: ['http://127.0.0.1/callback'],
    auth: { method: 'none' },
    assignments: { everyone: true },
  },
].map((app) => zApp.parse(app))

export async function createSigningKey(algorithm = 'ES256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg: algorithm, kid: await calculateJwkThumbprint(jwk) }
}

function openKey(jwk: JWK): SigningKey {
  const { d: _d, ...publicJwk } = jwk
  const imported = importVerificationKey({ ...publicJwk, use: 'sig' })
  if (!imported.accepted) throw new TypeError(imported.refusal)
  const signer = createSigner({ ...jwk }, jwk.kid ?? '', jwk.alg ?? '')
  return { signer, verificationKey: imported.value }
}

export async function createWorld(change: Partial<SignInConfig> = {}, ports: Partial<SignInPorts> = {}) {
  const clock = { nowMs: () => Date.now() }
  const store = createMemorySignInStore(clock)
  const users = new Map(USERS.map((user) => [user.id, user]))
  const apps = new Map(APPS.map((app) => [app.id, app]))
  const hashes = new Map<string, string>()
  for (const [name, password] of Object.entries(PASSWORDS))
    hashes.set(`usr_${name}`, await hashPassword(password))
  const events: AuditEvent[] = []
  const secondFactors = createMemorySecondFactors(events)
  const faults: unknown[] = []
  const used = new Set<string>()
  const keys: JWK[] = [await createSigningKey()]
  const signIn = createSignIn(
    {
      issuer: 'https://idp.acme.test',
      baseUrl: ORIGIN,
      displayName: 'Acme',
      idTokenTtlSeconds: 600,
      cookieKeys: [randomBytes(32).toString('hex')],
      failedSignInsBeforeDelay: 10,
      clockSkewSeconds: 30,
      loopback: true,
      ...change,
    },
    {
      store,
      users: {
        findById: async (id) => users.get(id),
        findByLogin: async (login) => chooseByLogin([...users.values()], login),
      },
      passwordHashes: { find: async (id) => hashes.get(id) },
      secondFactors,
      sealing: createSealing(randomBytes(32)),
      apps: { find: (id) => apps.get(id) },
      isBlocked: () => false,
      verifySecret: ({ secret }) => ({
        state: timingSafeEqual(digest(secret), digest(SECRET)) ? 'right' : 'wrong',
      }),
      signingKeys: () => keys.map(openKey),
      clock,
      useOnce: async ({ key }) => !used.has(key) && used.add(key).has(key),
      record: async (event) => void events.push(event),
      reportFault: (fault) => void faults.push(fault),
      ...ports,
    },
  )
  const tested: SignIn = { ...signIn, fetch: fetchFrom(signIn, { store: ports.store ?? store, used }) }
  return {
    signIn: tested,
    store,
    secondFactors,
    users,
    apps,
    events,
    faults,
    keys,
    browse: (origin = ORIGIN) => createBrowser(origin, tested.fetch),
  }
}

/** Serves the token endpoint too, and writes what it issues, as the IdP does in one transaction. */
function fetchFrom(
  signIn: SignIn,
  { store, used }: { readonly store: SignInPorts['store']; readonly used: Set<string> },
): SignIn['fetch'] {
  return async (request, ip) => {
    if (!request.url.endsWith('/token')) return signIn.fetch(request, ip)
    const { response, issuance } = await signIn.fetchTokens(request, ip)
    if (response.status !== 200) return response
    const { replayKeys, saved, consumed, family } = issuance
    if (replayKeys.some(({ key }) => used.has(key))) {
      if (family !== undefined) await signIn.revokeFamily(family)
      return Response.json({ error: 'invalid_grant' }, { status: 400 })
    }
    for (const { key } of replayKeys) used.add(key)
    for (const { model, id, at } of consumed) await store.consume(model, id, at)
    for (const { model, id, payload, expiresAt = Infinity } of saved)
      await store.upsert(model, id, payload, expiresAt - Date.now() / 1000)
    return response
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface App {
  readonly id: string
  readonly callback: string
  /** Adds the app's authentication to a token request. */
  authenticate(headers: Headers, body: URLSearchParams): void
}

const form = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

export const AGENT0: App = {
  id: 'agent0',
  callback: CALLBACK,
  authenticate: (headers) =>
    headers.set(
      'authorization',
      `Basic ${Buffer.from(`${form('agent0')}:${form(SECRET)}`).toString('base64')}`,
    ),
}

export const PORTAL: App = {
  id: 'portal',
  callback: 'https://portal.example/callback',
  authenticate(_headers, body) {
    body.set('client_id', 'portal')
    body.set('client_secret', SECRET)
  },
}

export const NATIVE: App = {
  id: 'native',
  callback: 'http://127.0.0.1:53123/callback',
  authenticate: (_headers, body) => body.set('client_id', 'native'),
}
