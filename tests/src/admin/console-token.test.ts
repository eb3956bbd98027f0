// The token of the configuration file may do everything, so its use at the console is recorded, and so are guesses.
import { afterEach, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN } from './admin.ts'

let server: TestServer
afterEach(() => server.stop())

async function signIn(token: unknown): Promise<number> {
  const response = await fetch(`${server.baseUrl}/admin/sign-in/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'crosswalk-console': '1', 'user-agent': 'a browser' },
    body: JSON.stringify({ token }),
  })
  return response.status
}

const listSignIns = () =>
  server.events(async (reader) => {
    const { items } = await reader.list({ types: ['signin.succeeded', 'signin.failed'], limit: 50 })
    return items.map(({ event }) => event).reverse()
  })

it('records a sign-in with the token, and at most ten wrong tokens a minute', async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  for (const token of [7, `${ADMIN_TOKEN}x`, ...Array.from({ length: 10 }, () => 'guess')])
    expect(await signIn(token)).toBe(401)
  expect(await signIn(ADMIN_TOKEN)).toBe(204)
  const events = await listSignIns()
  const source = { interface: 'console', ip: '127.0.0.1', user_agent: 'a browser' }
  expect(events).toHaveLength(11)
  expect(events[0]).toMatchObject({
    ...{ type: 'signin.failed', outcome: 'failure', reason: 'wrong-token', source },
    actor: { kind: 'system', id: 'console' },
  })
  expect(events[10]).toMatchObject({
    ...{ type: 'signin.succeeded', outcome: 'success', source },
    actor: { kind: 'admin', id: 'admin' },
  })
  expect(JSON.stringify(events)).not.toContain(ADMIN_TOKEN)
})
