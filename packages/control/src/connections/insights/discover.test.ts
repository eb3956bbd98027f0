// What an administrator learns of an address that gives no metadata.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

import { createGuardedFetch } from '@crosswalk/as-core'
import { afterEach, expect, it } from 'vitest'

import { describeRefusal } from './discover.ts'

const fetch = createGuardedFetch({ allowLoopback: true, totalTimeoutMs: 200 })
const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** @returns what is told of a port on which this happens to a connection */
async function tell(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer(onConnection).unref()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return tellPort((server.address() as AddressInfo).port)
}

async function tellPort(port: number): Promise<string> {
  const answer = await fetch.fetchJson(`http://127.0.0.1:${port}/.well-known/x`)
  if (answer.accepted) throw new Error('nothing was refused')
  return describeRefusal(answer.refusal)
}

it('tells closed, silent and foreign ports alike (no port scan from here)', async () => {
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

it('tells what is wrong with an answer over HTTP', async () => {
  const answer = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
  expect(await tell((socket) => void socket.once('data', () => socket.end(answer)))).toBe('status: 404')
})
