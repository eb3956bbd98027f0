// `crosswalk listen`: events reach a receiver on this machine as from an HTTP stream: signed, in batches, each at least
// once, also when the receiver was down.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

const SECRET = 's'.repeat(32)
let server: TestServer
let receiver: Server
let url = ''
/** The statuses of the next responses; afterwards 204 */
let statuses: number[] = []
let received: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = []

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      response.writeHead(statuses.shift() ?? 204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`
})
beforeEach(() => {
  statuses = []
  received = []
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await server.stop()
})

const ADMIN = { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' }
const admin = (args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '') =>
  crosswalk([...args, '--server', server.baseUrl], { env: { ...ADMIN, ...env }, stdin })
const listen = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  admin(['listen', ...args], env)
const suspend = () => admin(['connection', 'suspend', 'agent0-notes0', '--reason', 'test'])

describe('listen --forward-to', () => {
  it('sends signed batches, whose events can be verified as a copy of the log', async () => {
    await suspend()
    const { exitCode, out } = await listen(['--since', '1h', '--for', '1', '--forward-to', url], {
      CROSSWALK_LISTEN_SECRET: SECRET,
    })
    expect([exitCode, out]).toEqual([0, expect.stringContaining('connection.suspended')])
    for (const { headers, body } of received) {
      const timestamp = String(headers['crosswalk-timestamp'])
      const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')
      expect(headers['crosswalk-signature']).toBe(`v1=${signature}`)
    }
    expect(received.map(({ headers }) => headers['crosswalk-batch'])).toContainEqual(
      expect.stringMatching(/^admin:1-\d+$/),
    )
    const copy = received.map(({ body }) => body).join('')
    expect((await crosswalk(['audit', 'verify', '--file', '-'], { stdin: copy })).out).toMatch(
      /^✓ \d+ events? in/,
    )
  })

  it('sends events again that the receiver refused, and then shows them, once', async () => {
    statuses = [500]
    const since = new Date().toISOString()
    await admin(['connection', 'resume', 'agent0-notes0', '--reason', 'test'])
    const of = ['--since', since, '--type', 'connection.resumed']
    const { exitCode, out, err } = await listen([...of, '--for', '8', '--forward-to', url])
    expect(exitCode).toBe(0)
    expect(err).toMatch(
      /did not take the events: status 500; trying again\n\S+ {2}connected again, missed 0\n/,
    )
    expect(out.match(/connection\.resumed/g)).toHaveLength(1)
    expect(received).toHaveLength(2)
    expect(received[1]?.body).toBe(received[0]?.body)
    expect(received[0]?.headers).not.toHaveProperty('crosswalk-signature')
  })

  it('fails with the receiver if it never accepts', async () => {
    const { exitCode, out, err } = await listen([
      '--since',
      '1h',
      '--for',
      '2',
      '--forward-to',
      'http://127.0.0.1:9/',
    ])
    expect([exitCode, out]).toEqual([8, ''])
    expect(err).toMatch(/error: http:\/\/127\.0\.0\.1:9\/ did not take the events: .* since 20/)
  })

  it('speaks the formats of a stream', async () => {
    await listen([
      '--since',
      '1h',
      '--for',
      '1',
      '--forward-to',
      url,
      '--receiver',
      'splunk',
      '--format',
      'ocsf',
    ])
    const [first] = (received[0]?.body ?? '').split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({
      source: 'crosswalk',
      event: { metadata: { version: '1.6.0' } },
    })
  })

  it.each([
    ['http://collector.example/in', {}, /must not receive events\nfix: use an https URL/],
    ['not a url', {}, /must not receive events/],
    [
      undefined,
      { CROSSWALK_LISTEN_SECRET: SECRET.slice(1) },
      /CROSSWALK_LISTEN_SECRET is too short\nfix: .*32/,
    ],
  ])('rejects %s', async (target, env, told) => {
    const { exitCode, err } = await listen(['--for', '1', '--forward-to', target ?? url], env)
    expect([exitCode, err]).toEqual([2, expect.stringMatching(told)])
  })
})

it('starts now, or at a given time', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5500))
  expect((await listen(['--for', '1', '--type', 'connection.suspended'])).out).toBe('')
  const since = await listen(['--for', '1', '--type', 'connection.suspended', '--since', '1h'])
  expect(since.out).toContain('agent0-notes0')
  expect((await listen(['--for', '1', '--since', 'soon'])).exitCode).toBe(2)
})
