// What pages of other sites can do with the session of a console: nothing. And what a browser may do with its page.
import { createConsoleCookies, SESSION_COOKIE } from '@crosswalk/control'
import { expect, it, vi } from 'vitest'

import { createConsole, type ConsoleParts } from './console.ts'
import { finishProof } from './finish-proof.ts'
import { renderPlainPage, renderShell } from './shell.ts'

const BASE = 'https://idp.acme.test'
const cookies = createConsoleCookies(BASE)
const [cookie = ''] = cookies
  .render(SESSION_COOKIE, 'value', { sameSite: 'Strict', maxAgeSeconds: 60 })
  .split(';')

function open() {
  const done = vi.fn(async () => undefined)
  const caller = { kind: 'user', subject: 'rita', sid: 'live', startedAt: 0, seenAt: 0 }
  const console = createConsole({
    ...{ baseUrl: BASE, issuer: BASE, signIn: undefined, proofs: undefined },
    callers: {
      ...{ cookies, roles: { auditor: { users: ['rita'], groups: [] } }, adminToken: 'secret' },
      sessions: { find: async () => caller, end: done, start: done },
      signIn: { findSession: async () => ({ userId: 'rita' }) },
      findUser: async () => ({ id: 'rita', username: 'rita', groups: [], active: true }),
      clock: { nowMs: () => 0 },
    },
    sealing: { keyedDigest: (_: string, text: string) => text },
    recordTokenSignIn: done,
    api: { fetch: async () => (await done(), new Response('api')) },
    live: { open: () => (void done(), new Response('live')), describe: async () => 'state' },
  } as unknown as ConsoleParts)
  const ask = (path: string, method: string, headers: Record<string, string>) =>
    console.fetch(
      new Request(`${BASE}/admin${path}`, {
        ...{ method, headers: { cookie, ...headers } },
        ...(method === 'POST' ? { body: '{}' } : {}),
      }),
    )
  return { done, ask }
}

const ROUTES = [
  ['/live', 'GET'],
  ['/session', 'GET'],
  ['/sign-out', 'POST'],
  ['/sign-in/token', 'POST'],
  ['/api/v1/apps', 'GET'],
] as const
const OTHERS = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.test' },
]

it.each(ROUTES.flatMap(([path, method]) => OTHERS.map((headers) => [path, method, headers] as const)))(
  '%s is refused to a page of another site: %s with %j',
  async (path, method, headers) => {
    const { done, ask } = open()
    expect((await ask(path, method, { 'crosswalk-console': '1', ...headers })).status).toBe(403)
    expect(done).not.toHaveBeenCalled()
  },
)

it.each([
  ['/sign-out', 'POST', 403],
  ['/api/v1/apps', 'GET', 403],
  ['/live', 'GET', 200],
  ['/session', 'GET', 200],
])('%s by %s without the header of the console has status %i', async (path, method, status) => {
  expect((await open().ask(path, method, {})).status).toBe(status)
})

it.each(ROUTES.filter(([path]) => path !== '/sign-in/token'))(
  '%s is served to the console',
  async (path, method) => {
    const { ask } = open()
    expect((await ask(path, method, { 'crosswalk-console': '1', origin: BASE })).status).toBe(200)
  },
)

it.each([
  ['the console', renderShell('<script nonce="__CSP_NONCE__"></script>', BASE), "form-action 'self'"],
  ['a plain page', renderPlainPage(400, 'Title', 'Text'), "default-src 'none'"],
])('%s is shown in no frame, and runs nothing of others', (_, { headers }, directive) => {
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
  const policy = headers.get('content-security-policy')?.split('; ')
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", directive]))
})

it.each([
  ['the same user', { role: 'administrator' }, true],
  ['another user', { id: 'eve', role: 'administrator' }, false],
  ['a user whose role proves nothing', { role: 'auditor' }, false],
  ['a user whose role covers another app', { role: 'connection-manager', apps: ['other'] }, false],
  ['a user whose role covers the app', { role: 'connection-manager', apps: ['agent0'] }, true],
])('a proof continues for %s: %j', async (_, found, expected) => {
  const caller = { id: 'rita', ...found }
  const roles = {
    [caller.role]: { users: [caller.id], groups: [], ...('apps' in found ? { apps: found.apps } : {}) },
  }
  let answer: boolean | undefined
  await finishProof(new Request(`${BASE}/admin/prove/callback?code=c`), undefined, {
    baseUrl: BASE,
    callers: {
      ...{ cookies, roles, clock: { nowMs: () => 0 } },
      sessions: { find: async () => ({ kind: 'user', subject: caller.id, sid: 'live' }) },
      signIn: { findSession: async () => ({}) },
      findUser: async (id: string) => ({ id, username: id, groups: [], active: true }),
    },
    proofs: {
      async finish({ mayContinue }: { mayContinue: (caller: object, app: string) => Promise<boolean> }) {
        answer = await mayContinue({ id: 'rita', session: 's' }, 'agent0')
        return { refusal: 'unknown', cookies: [] }
      },
    },
  } as never)
  expect(answer).toBe(expected)
})
