// What an administrator sees for an address without metadata.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

import { createGuardedFetch } from '@crosswalk/as-core'
import { afterEach, expect, it } from 'vitest'

import { describeRefusal } from './discover.ts'

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
