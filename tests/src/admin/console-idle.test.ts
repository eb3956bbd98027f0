// What keeps a console session alive: requests of its user, but neither the stream of changes nor reads of a page that is only open.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN } from './admin.ts'

const IDLE_MS = 3_600_000
let nowMs = Date.now()
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), clock: { nowMs: () => nowMs } })
})
afterAll(() => server.stop())

async function signIn(): Promise<string> {
  const response = await fetch(`${server.baseUrl}/admin/sign-in/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'crosswalk-console': '1' },
    body: JSON.stringify({ token: ADMIN_TOKEN }),
  })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function request(cookie: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const abort = new AbortController()
  const { status } = await fetch(`${server.baseUrl}${path}`, {
    headers: { cookie, 'crosswalk-console': '1', ...headers },
    signal: abort.signal,
  })
  abort.abort()
  return status
}

const READ = '/admin/api/v1/apps'

it.each([
  ['a read', READ, {}, 200],
  ['a read of an unattended page', READ, { 'crosswalk-unattended': '1' }, 401],
  ['a stream of changes', '/admin/live', {}, 401],
])(
  'after %1$s half an hour ago, a session of an hour ago is answered %4$s',
  async (_, path, headers, status) => {
    const cookie = await signIn()
    nowMs += IDLE_MS / 2
    expect(await request(cookie, path, headers)).toBe(200)
    nowMs += IDLE_MS / 2
    expect(await request(cookie, READ)).toBe(status)
  },
)
