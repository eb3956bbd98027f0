// Receivers that respond but never finish: the batch must fail, because its stream waits for it. Over UDP, what the
// system knows about the port.
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createSyslogSink } from './syslog-sink.ts'

const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

const findAddresses = async (host: string) =>
  host === 'only-ipv6.test' ? [{ address: '::1', family: 6 }] : lookup(host, { all: true })

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

interface Receiver {
  readonly protocol: 'tcp' | 'tls' | 'udp'
  readonly port: number
  readonly host?: string
}

async function sendTo(
  { protocol, port, host = '127.0.0.1' }: Receiver,
  count = 1,
): Promise<string | undefined> {
  const sink = createSyslogSink(
    { id: 's', type: 'syslog', format: 'ndjson', host, port, protocol },
    findAddresses,
  )
  const event = { severity: 'info', time: '2026-11-27T12:00:00.000Z', type: 'idjag.issued' }
  const events = Array.from({ length: count }, (_, index) => ({ seq: index + 1, body: '{}', event }) as never)
  return (await sink.send({ chain: 'idp', events }))?.error
}

/** @returns the pending result of a batch, and the socket of the receiver that got the first bytes of it */
async function startSending(protocol: 'tcp' | 'tls') {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sent = sendTo({ protocol, port })
  const [socket] = (await once(server, 'connection')) as [Socket]
  server.close()
  socket.on('error', () => undefined)
  await once(socket, 'data')
  const at = `127.0.0.1:${port}`
  return { socket, sent, timeout: `${at}: timeout`, closed: `${at}: closed before the end of the batch` }
}

it.each([
  // The header of a TLS record, and of a handshake message that is as long
  ['a TLS handshake', 'tls', [0x16, 0x03, 0x03, 0x3f, 0xff, 0x02, 0x00, 0x3f, 0xfb]],
  ['a response', 'tcp', []],
] as const)('%s that never ends fails the batch after ten seconds', async (_, protocol, start) => {
  const { socket, sent, timeout } = await startSending(protocol)
  const results: unknown[] = []
  void sent.then((result) => results.push(result))
  socket.write(Buffer.from(start))
  const drip = setInterval(() => socket.write(Buffer.alloc(1)), 20)
  await vi.advanceTimersByTimeAsync(9_999)
  expect(results).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(await sent).toBe(timeout)
  clearInterval(drip)
  socket.destroy()
})

it('a receiver that closes after reading to the end has the batch', async () => {
  const { socket, sent } = await startSending('tcp')
  socket.on('end', () => socket.end())
  await vi.advanceTimersByTimeAsync(100)
  expect(await sent).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})

it.each([
  [65_536, undefined],
  [65_537, 'the receiver sends data, which syslog does not'],
])('a receiver that sends %i bytes: %s', async (bytes, error) => {
  const { socket, sent } = await startSending('tcp')
  socket.on('end', () => socket.end())
  await new Promise((resolve) => socket.write(Buffer.alloc(bytes), resolve))
  await vi.advanceTimersByTimeAsync(100)
  const result = await sent
  if (error === undefined) expect(result).toBeUndefined()
  else expect(result).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+: ${error}$`))
  socket.destroy()
})

it('a receiver that closes before the end, as a load balancer without a server does, does not have the batch', async () => {
  const { socket, sent, closed } = await startSending('tcp')
  socket.end()
  expect(await sent).toBe(closed)
  expect(vi.getTimerCount()).toBe(0)
})

async function listenToDatagrams(type: 'udp4' | 'udp6' = 'udp4') {
  const receiver = createSocket(type).bind(0, type === 'udp4' ? '127.0.0.1' : '::1')
  await once(receiver, 'listening')
  const got: string[] = []
  receiver.on('message', (message) => got.push(message.toString()))
  return { got, port: receiver.address().port, close: () => receiver.close() }
}

it('all datagrams of a batch arrive, without a warning of Node.js', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  const receiver = await listenToDatagrams()
  expect(await sendTo({ protocol: 'udp', port: receiver.port, host: 'localhost' }, 20)).toBeUndefined()
  vi.useRealTimers()
  await vi.waitFor(() => expect(receiver.got).toHaveLength(20))
  process.off('warning', note)
  receiver.close()
  expect(warnings).toEqual([])
})

it.skipIf(!HAS_IPV6).each(['::1', 'only-ipv6.test'])('datagrams to %s arrive over IPv6', async (host) => {
  const receiver = await listenToDatagrams('udp6')
  expect(await sendTo({ protocol: 'udp', port: receiver.port, host })).toBeUndefined()
  vi.useRealTimers()
  await vi.waitFor(() => expect(receiver.got).toHaveLength(1))
  receiver.close()
})

it.runIf(process.platform === 'linux')('datagrams to a closed port are not delivered', async () => {
  const { port, close } = await listenToDatagrams()
  close()
  expect(await sendTo({ protocol: 'udp', port }, 20)).toBe(`127.0.0.1:${port}: ECONNREFUSED`)
})

it.each([
  ['info', 110],
  ['notice', 109],
  ['warning', 108],
  ['critical', 106],
])(
  'a datagram says that an event is %s, and is cut where it would be too long for one',
  async (severity, pri) => {
    vi.useRealTimers()
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const sink = createSyslogSink({
      ...{ id: 's', type: 'syslog', format: 'ndjson', host: '127.0.0.1', port: socket.address().port },
      protocol: 'udp',
    })
    const event = {
      severity,
      time: '2026-11-27T12:00:00.000Z',
      type: 'idjag.issued',
      reason: 'x'.repeat(70_000),
    }
    const received = once(socket, 'message')
    const sent = await sink.send({ chain: 'idp', events: [{ seq: 1, body: '{}', event } as never] })
    expect(sent).toBeUndefined()
    const [message] = (await received) as [Buffer]
    socket.close()
    expect(message.toString()).toMatch(new RegExp(`^<${pri}>1 2026-11-27T12:00:00.000Z `))
    expect(message).toHaveLength(65_000)
  },
)
