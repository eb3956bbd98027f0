// The names that strangers may give themselves, since the consent page shows them.
import { createSealing } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { createDynamicClients } from './dynamic-clients.ts'

function allowing(redirects: readonly string[]) {
  const snapshot = compileRedemptionSnapshot(
    1,
    { issuer: 'https://as.test', clockSkewSeconds: 30 },
    zAuthorizationServer.parse({
      id: 'main',
      resources: [{ id: 'https://todo.test/api' }],
      authorizationCode: {
        signIn: { issuer: 'https://login.test', clientId: 'c', clientSecret: 's' },
        dynamicRegistration: { redirects },
      },
    }),
  )
  return createDynamicClients({
    sealing: createSealing(new Uint8Array(32)),
    clock: { nowMs: () => 1_800_000_000_000 },
    snapshot: () => snapshot,
  })
}
const clients = allowing(['loopback', 'app.test'])

async function register(name: string, uris = ['http://127.0.0.1/cb']) {
  const body = JSON.stringify({ client_name: name, redirect_uris: uris })
  const response = await clients.register(new Request('https://as.test/register', { method: 'POST', body }))
  const cached = response.headers.get('cache-control')
  return { status: response.status, cached, body: (await response.json()) as Record<string, unknown> }
}

it.each([
  'Agent0',
  'Ägent 0',
  '代理',
  'دستیار\u200cمن',
  '👩\u200d💻',
  '<b>Agent0</b>',
  'סוכן\u200f 0',
  'x'.repeat(64),
])('an app may have the name %j', async (name) => {
  const { status, body } = await register(name)
  expect([status, clients.find(String(body.client_id))?.name]).toEqual([201, name])
})

it.each([
  ['reverses the following text', 'Agent0 \u202e'],
  ['opens an isolate', '\u2067Agent0'],
  ['has a line break', 'Agent0\nby Todo'],
  ['has a line separator', 'Agent0\u2028by Todo'],
  ['is invisible', '\u200b'],
  ['is blank', ' \u00a0'],
  ['is too long', 'x'.repeat(65)],
])('no app may have a name that %s', async (_, name) => {
  const { status, body } = await register(name)
  expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
  expect(body.error_description).toMatch(/^client_name/)
})

const uris = (count: number) => Array.from({ length: count }, (_, index) => `http://127.0.0.1/cb${index}`)
it.each([
  ['no redirect URI', [], 400],
  ['five redirect URIs', uris(5), 201],
  ['six redirect URIs', uris(6), 400],
  ['one of two redirect URIs that is not allowed', [...uris(1), 'https://evil.test/cb'], 400],
])('an app with %s: its registration is never cached', async (_, redirectUris, expected) => {
  const { status, cached, body } = await register('Agent0', redirectUris)
  expect([status, cached]).toEqual([expected, 'no-store'])
  if (expected === 400) expect(body.error).toBe('invalid_redirect_uri')
})

it('a client ends once any of its redirect URIs is no longer allowed', async () => {
  const { body } = await register('Agent0', ['http://127.0.0.1/cb', 'https://app.test/cb'])
  const id = String(body.client_id)
  expect(clients.find(id)?.redirectUris).toHaveLength(2)
  for (const left of ['loopback', 'app.test']) expect(allowing([left]).find(id)).toBeUndefined()
})

it('a client has one id, whatever else encodes the same bytes', async () => {
  const { body } = await register('Agent 0')
  const id = String(body.client_id)
  const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=']
    .map((last) => id.slice(0, -1) + last)
    .filter((other) => other !== id && bytesOf(other).equals(bytesOf(id)))
  expect(others.length).toBeGreaterThan(0)
  expect([id, ...others].filter((one) => clients.find(one) !== undefined)).toEqual([id])
})

const bytesOf = (id: string) => Buffer.from(id.slice(id.lastIndexOf('.') + 1), 'base64url')

it('ids have at most 512 characters', async () => {
  const lengths: number[] = []
  for (let length = 250; ; length += 1) {
    const { status, body } = await register('Agent0', [`http://127.0.0.1/${'x'.repeat(length)}`])
    if (status === 400) {
      expect(body).toMatchObject({
        error: 'invalid_client_metadata',
        error_description: 'name and redirect_uris are too long',
      })
      break
    }
    lengths.push(String(body.client_id).length)
    expect(clients.find(String(body.client_id))).toBeDefined()
  }
  expect(lengths.at(-1)).toBeGreaterThan(509)
  expect(lengths.at(-1)).toBeLessThanOrEqual(512)
})
