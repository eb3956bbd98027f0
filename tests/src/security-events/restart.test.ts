// Revocations reach the receiver even if it was unreachable and the IdP was restarted: events wait in the database.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { SECURITY_EVENT } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, vi } from 'vitest'

import { type TestDatabaseKind, itOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer } from '../support/server.ts'

const KEY = randomBytes(32).toString('hex')

const received: string[] = []
let away = true
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    if (!away) received.push(body)
    response.writeHead(away ? 503 : 202).end()
  })
})
beforeAll(() => new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => (receiver.closeAllConnections(), receiver.close(resolve))))

function file(baseUrl: string) {
  const { authorizationServers: _, ...whole } = company(baseUrl) as {
    idp: { resourceApps: object[] }
    authorizationServers?: unknown
  }
  const { port } = receiver.address() as AddressInfo
  const securityEvents = { endpoint: `http://127.0.0.1:${port}/events` }
  // The same at both addresses of the IdP: events for another issuer would wait.
  const issuer = 'https://as.vendor.test'
  const resourceApps = whole.idp.resourceApps.map((app) => ({ ...app, issuer, securityEvents }))
  return { ...whole, idp: { ...whole.idp, resourceApps } }
}

itOnDatabases(
  'REV-04: an event survives an outage of the receiver and a restart of the IdP, on $name',
  async (kind: TestDatabaseKind) => {
    received.length = 0
    away = true
    const database = await kind.create()
    const first = await startTestServer({ file, database, key: KEY })
    const { status } = await adminOf(first.baseUrl)('POST', '/users/usr_alice/suspend', {
      body: { reason: 'left' },
    })
    expect(status).toBe(200)
    await first.stop()
    away = false
    const second = await startTestServer({ file, database, key: KEY })
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 30_000, interval: 50 })
    const claims = decodeJwt(received[0] ?? '')
    expect(claims).toMatchObject({
      iss: first.baseUrl,
      events: { [SECURITY_EVENT.sessionRevoked]: {} },
    })
    await second.stop()
    expect(received).toHaveLength(1)
  },
)
