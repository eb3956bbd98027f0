// `crosswalk ping` against a server and a partner: each layer fails by itself, and the exit code says which.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { edit, type Partner, PATHS, startPartner } from './partner.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
let partner: Partner

/** The company, and a resource app of the partner. */
function companyWithPartner(baseUrl: string): Record<string, unknown> {
  const { idp, ...rest } = company(baseUrl) as { idp: Record<string, readonly object[]> }
  const assignments = { groups: ['engineering'] }
  const resources = [{ id: partner.api, scopes: ['read'] }]
  const ends = { app: 'agent0', resourceApp: 'partner', clientId: 'agent0-at-partner' }
  const connection = { ...ends, resources: [partner.api], scopes: ['read'], assignments, status: 'active' }
  return {
    ...rest,
    idp: {
      ...idp,
      resourceApps: [
        ...(idp.resourceApps ?? []),
        { id: 'partner', name: 'Partner', issuer: partner.as, resources, assignments },
      ],
      connections: [...(idp.connections ?? []), { id: 'agent0-partner', ...connection }],
    },
  }
}

beforeAll(async () => {
  partner = await startPartner()
  server = await startTestServer({ file: companyWithPartner })
})
afterAll(async () => {
  await server.stop()
})

const ping = (...args: string[]) =>
  crosswalk(['ping', ...args, '--server', server.baseUrl], { env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN } })

it.each([
  ['the id of a resource app', () => 'partner'],
  ['a resource identifier', () => partner.api],
])('finds every layer in order, by %s', async (_, resource) => {
  const { exitCode, out, err } = await ping('agent0', resource(), '--user', 'alice')
  const hosts = [server.baseUrl, partner.as, partner.api]
  expect([exitCode, err]).toEqual([0, ''])
  expect(out.split('\n').map((line) => line.replace(/\d+ (ms|checks)/, 'N $1'))).toEqual([
    `network  ✓ ${hosts[0]}  N ms`,
    `         ✓ ${hosts[1]}  N ms`,
    `         ✓ ${hosts[2]}  N ms`,
    'trust    ✓ N checks passed',
    'policy   ✓ XAA0000 read',
    '',
  ])
  expect(partner.seen.every(({ method, secret }) => method === 'GET' && !secret)).toBe(true)
})

it('reads only the named resource app, however many there are', async () => {
  const asked: string[] = []
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input)
    if (pathname.endsWith('/resource-apps')) asked.push([...searchParams.keys()].join(' '))
    return fetch(input, init)
  }
  try {
    expect((await ping('agent0', partner.api)).exitCode).toBe(0)
  } finally {
    globalThis.fetch = fetch
  }
  expect(asked).toEqual(['ids', 'resource'])
  expect(await ping('agent0', 'nowhere')).toMatchObject({
    exitCode: 6,
    err: expect.stringContaining('there is no resource app or resource nowhere'),
  })
})

it('names the policy that denies, and what would allow it', async () => {
  const { exitCode, out } = await ping('agent0', 'partner', '--user', 'bob')
  expect([exitCode, out]).toEqual([
    3,
    expect.stringMatching(/\ntrust {4}✓[^]*\npolicy {3}✕ XAA1502 .*\n {9}fix {2}npx crosswalk grant create /),
  ])
})

it('names what the other server lacks', async () => {
  partner.change(edit(PATHS.as, () => ({ grant_types_supported: [GRANT_TYPE.tokenExchange] })))
  const { exitCode, out } = await ping('agent0', 'partner')
  partner.change(undefined)
  expect([exitCode, out]).toEqual([
    3,
    expect.stringMatching(/\ntrust {4}✕ [^]*✕ R02[^]*\npolicy {3}– not checked without --user\n$/),
  ])
})

it('compares both ends if both are here, and names the host that does not respond', async () => {
  const { exitCode, out } = await ping('agent0', 'todo0', '--user', 'alice', '-o', 'json')
  const pinged = JSON.parse(out)
  expect([exitCode, pinged.reached.map(({ ok }: { ok: boolean }) => ok)]).toEqual([8, [true, true, false]])
  expect(pinged.network).toContainEqual(expect.objectContaining({ id: 'N02', result: 'fail' }))
  expect(pinged.trust).toContainEqual(expect.objectContaining({ id: 'R05', result: 'pass' }))
  expect(pinged.decision).toMatchObject({ outcome: 'allow', scopes: ['todos.read', 'todos.write'] })
})

it('reaches nothing on a host that does not respond, with several endpoints', async () => {
  await partner.stop()
  const { exitCode, out } = await ping('agent0', 'partner', '-o', 'json')
  expect([exitCode, JSON.parse(out).reached.map(({ ok }: { ok: boolean }) => ok)]).toEqual([
    8,
    [true, false, false],
  ])
})

it.each([
  ['app', ['none', 'partner']],
  ['resource', ['agent0', 'none']],
])('says if there is no such %s', async (_, ends) => {
  expect(await ping(...ends)).toMatchObject({ exitCode: 6, out: '' })
})
