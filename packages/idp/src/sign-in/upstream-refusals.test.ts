// Failed sign-ins at another provider are in the audit log with their reason, in a limited number.
import { zOidcUpstream } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import type { Upstreams } from '../ports.ts'
import { buildAuthorizationUrl } from './testing/flow.ts'
import { createWorld, ORIGIN, PORTAL } from './testing/world.ts'

const ISSUER = 'https://login.corp.test'
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  authorization_response_iss_parameter_supported: true,
}

async function open(answer = () => Response.json(METADATA)) {
  const upstream = [
    zOidcUpstream.parse({ id: 'corp', type: 'oidc', issuer: ISSUER, clientId: 'c', clientSecret: 's' }),
  ]
  const upstreams = { fetch: () => async () => answer() } as unknown as Upstreams
  const world = await createWorld({ upstream }, { upstreams })
  async function begin() {
    const browser = world.browse()
    const page = await browser.open(buildAuthorizationUrl(PORTAL))
    return browser.submit(page, { upstream: 'corp' })
  }
  async function comeBack(response: Readonly<Record<string, string>>) {
    const browser = world.browse()
    const page = await browser.open(buildAuthorizationUrl(PORTAL))
    const { left } = await browser.submit(page, { upstream: 'corp' })
    const query = new URLSearchParams({ state: left?.searchParams.get('state') ?? '', ...response })
    return browser.open(`${ORIGIN}/sign-in/upstream/corp?${query}`)
  }
  return { events: world.events, faults: world.faults, begin, comeBack }
}

test.each([
  [
    'of the provider',
    { error: 'access_denied', iss: ISSUER },
    { reason: 'upstream-declined', change: { detail: 'access_denied' } },
  ],
  [
    'of a response by another issuer',
    { code: 'c', iss: 'https://evil.test' },
    { reason: 'upstream-failed', change: { detail: expect.stringMatching(/unexpected "iss"/) } },
  ],
])('the refusal %s is recorded', async (_, response, expected) => {
  const { events, comeBack } = await open()
  expect((await comeBack(response)).status).toBe(403)
  expect(events).toMatchObject([
    {
      ...{ type: 'signin.failed', outcome: 'failure', target: { kind: 'app', id: PORTAL.id } },
      ...{ actor: { kind: 'system', id: 'upstream:corp' }, source: { upstream: 'corp' } },
      ...expected,
    },
  ])
})

test('a provider whose metadata cannot be read is recorded with the status of its response', async () => {
  const { events, begin } = await open(() => new Response('', { status: 404 }))
  expect((await begin()).status).toBe(403)
  expect(events).toMatchObject([
    {
      ...{ type: 'signin.failed', reason: 'upstream-failed', source: { upstream: 'corp' } },
      change: { detail: expect.stringMatching(/404/) },
    },
  ])
})

test('a detail is one short line, and a minute has at most ten of them', async () => {
  const { events, comeBack } = await open()
  for (let time = 0; time < 12; time += 1)
    expect((await comeBack({ error: `a\n\u202eb${'x'.repeat(2000)}`, iss: ISSUER })).status).toBe(403)
  expect(events).toHaveLength(10)
  const { detail } = events[0]?.change as { detail: string }
  expect(detail.length).toBeLessThanOrEqual(300)
  expect(detail).not.toMatch(/[\n\u202e]/)
})

test('the log has at most ten made-up responses a minute, each with a short text', async () => {
  const { faults, comeBack } = await open()
  for (let time = 0; time < 12; time += 1)
    await comeBack({ code: 'c', iss: `https://evil.test/${'x'.repeat(2000)}` })
  expect(faults).toHaveLength(10)
  for (const fault of faults) expect((fault as Error).message.length).toBeLessThan(400)
})
