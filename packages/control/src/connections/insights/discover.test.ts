// What an administrator sees for an address without metadata, or with the metadata of a hostile server.
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

import type { Discovery } from '@crosswalk/admin-api'
import { createGuardedFetch } from '@crosswalk/as-core'
import { afterEach, expect, it, onTestFinished } from 'vitest'

import { createDiscoverHandler, describeRefusal } from './discover.ts'

const fetch = createGuardedFetch({ allowLoopback: true, totalTimeoutMs: 200 })
const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** @returns the problem shown for a port that treats connections this way */
async function tell(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer(onConnection).unref()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return tellPort((server.address() as AddressInfo).port)
}

async function tellPort(port: number): Promise<string> {
  const answer = await fetch.fetchJson(`http://127.0.0.1:${port}/.well-known/x`)
  if (answer.accepted) throw new Error('the fetch was accepted')
  return describeRefusal(answer.refusal)
}

it('reports closed, silent and foreign ports alike (no port scans)', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  expect({
    closed: await tellPort(port),
    silent: await tell((socket) => void socket.unref()),
    ssh: await tell((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
    hangingUp: await tell((socket) => void socket.destroy()),
  }).toEqual({ closed: 'unreachable', silent: 'unreachable', ssh: 'unreachable', hangingUp: 'unreachable' })
})

it('reports the problem of an HTTP response', async () => {
  const answer = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
  expect(await tell((socket) => void socket.once('data', () => socket.end(answer)))).toBe('status: 404')
})

it.each<[string, readonly unknown[], string | undefined]>([
  ['a valid issuer', ['https://as.invalid/x'], 'https://as.invalid/x'],
  ['a valid issuer after others', ['', 'as', 'https://as.invalid'], 'https://as.invalid'],
  ['no URL', ['not a URL'], undefined],
  ['no text', [''], undefined],
  ['an invalid host', ['https://[as'], undefined],
  ['a script', ['javascript:alert(1)'], undefined],
  ['a user name', ['https://admin@as.invalid/'], undefined],
  ['something else than texts', [{}, 7], undefined],
])('follows resource metadata only to a valid issuer: %s', async (_, servers, followed) => {
  const api = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ resource: 'https://api.test', authorization_servers: servers }))
  })
  onTestFinished(() => void api.close())
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api`
  const discover = createDiscoverHandler({ configuration: { baseUrl: url } } as never)
  const { body } = (await discover({ body: { url } } as never, {} as never)) as { body: Discovery }
  const { issuer, facts, documents } = body
  expect(issuer ?? undefined).toBe(followed)
  expect(facts.some(({ id }) => id === 'issuer.named')).toBe(followed === undefined)
  const asked = documents.slice(1).map((document) => document.url)
  expect(asked.every((one) => one.startsWith('https://as.invalid/'))).toBe(true)
  expect(asked.length > 0).toBe(followed !== undefined)
})

it.each([[{ toString: 1 }], [['x']], [7], ['x'.repeat(200_000)]])(
  'describes the metadata of a server whose issuer is %# of any form',
  async (named) => {
    const server = createHttpServer(({ url }, response) => {
      const isResource = url?.includes('oauth-protected-resource') === true
      response.writeHead(isResource ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ issuer: named }))
    })
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const discover = createDiscoverHandler({ configuration: { baseUrl: url } } as never)
    const { body } = (await discover({ body: { url } } as never, {} as never)) as { body: Discovery }
    const fact = body.facts.find(({ id }) => id === 'issuer.identifier')
    expect(fact).toMatchObject({ result: 'fail', text: expect.stringContaining('a different issuer: ') })
    expect(fact?.text.length).toBeLessThan(400)
  },
)
