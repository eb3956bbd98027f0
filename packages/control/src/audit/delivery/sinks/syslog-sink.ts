// Sends events to a syslog receiver. Syslog has no acknowledgement: over TCP and TLS, a batch counts as delivered when
// the receiver closes the connection after we did; over UDP, when the datagrams were sent.
import { createSocket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { finished } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import type { LineFormat } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

import { type DefinitionOfSink, describeFault, type Sink } from './sink.ts'
import { renderEvent } from '../render-event.ts'

const BATCH_EVENTS = 500
/** For a whole batch; an idle timeout would let a receiver that sends a byte now and then hold up its stream. */
const TIMEOUT_MS = 10_000
/** A receiver that closes within this time after the last byte did not read to the end: a load balancer without a server. */
const LINGER_MS = 100
/** Syslog has no responses; some receivers greet. Reading without end would take a third of the processor for the whole timeout. */
const MAX_RECEIVED_BYTES = 65_536
/** Fits a datagram, over IPv6 too; a longer message is cut, which RFC 5426 section 3.2 permits. */
const MAX_DATAGRAM_BYTES = 65_000

/** @param findAddresses - those of a host, for datagrams */
export function createSyslogSink(
  definition: DefinitionOfSink<'syslog'>,
  findAddresses: FindAddresses = (host) => lookup(host, { all: true }),
): Sink {
  const { host, port, protocol, format } = definition
  const from = { format, hostname: hostname(), processId: process.pid }
  const send = protocol === 'udp' ? sendOverUdp : sendOverTcp
  return {
    batchEvents: BATCH_EVENTS,
    async send({ events }) {
      const messages = events.map((event) => renderSyslog(event, from))
      try {
        await send(definition, messages, findAddresses)
        return undefined
      } catch (error) {
        return { error: `${host}:${port}: ${describeFault(error)}`, isRejected: false }
      }
    },
    close: async () => undefined,
  }
}

type FindAddresses = (host: string) => Promise<readonly LookupAddress[]>
type Receiver = Pick<DefinitionOfSink<'syslog'>, 'host' | 'port' | 'protocol' | 'certificates'>

/** One connection per batch: a clean close by the receiver after ours is the only acknowledgement. */
async function sendOverTcp(receiver: Receiver, messages: readonly Buffer[]): Promise<void> {
  const socket = open(receiver)
  socket.on('data', () => {
    if (socket.bytesRead > MAX_RECEIVED_BYTES)
      socket.destroy(new Error('the receiver sends data, which syslog does not'))
  })
  const timer = setTimeout(() => socket.destroy(new Error('timeout')), TIMEOUT_MS)
  let linger: NodeJS.Timeout | undefined
  // A receiver that reads to the end does not close before us.
  socket.once('end', () => {
    if (!socket.writableEnded) socket.destroy(new Error('closed before the end of the batch'))
  })
  socket.write(frameByOctets(messages), (fault) => {
    if (!fault) linger = setTimeout(() => socket.end(), LINGER_MS)
  })
  try {
    await finished(socket)
  } finally {
    clearTimeout(timer)
    clearTimeout(linger)
  }
}

function open({ host, port, protocol, certificates: ca }: Receiver): Socket {
  const target = { host, port }
  if (protocol === 'tcp') return connect(target)
  // SNI cannot carry an IP address; the certificate is still checked against it.
  return connectTls({ ...target, ...(isIP(host) === 0 ? { servername: host } : {}), ca })
}

async function sendOverUdp(
  { host, port }: Receiver,
  messages: readonly Buffer[],
  findAddresses: FindAddresses,
): Promise<void> {
  const addresses = await findAddresses(host)
  const chosen = addresses.find(({ family }) => family === 4) ?? addresses[0]
  const socket = createSocket(chosen?.family === 6 ? 'udp6' : 'udp4')
  try {
    // A connected socket learns that the port is closed.
    socket.connect(port, chosen?.address ?? host)
    await once(socket, 'connect')
    // The callback of the next datagram gets it too.
    socket.on('error', () => undefined)
    for (const message of messages)
      await new Promise<void>((resolve, reject) => {
        socket.send(message.subarray(0, MAX_DATAGRAM_BYTES), (error) =>
          error === null ? resolve() : reject(error),
        )
      })
  } finally {
    socket.close()
  }
}

/** `log audit` (RFC 5424 section 6.2.1) */
const FACILITY = 13
const SEVERITY = { info: 6, notice: 5, warning: 4, critical: 2 } as const
const MAX_MSGID = 32

/** @param hostname - of the sending machine; characters other than printable ASCII are removed */
function renderSyslog(
  event: RecordedEvent,
  { format, hostname, processId }: { format: LineFormat; hostname: string; processId: number },
): Buffer {
  const { severity, time, type } = event.event
  const header = [
    `<${FACILITY * 8 + SEVERITY[severity]}>1`,
    time,
    printable(hostname, 255),
    'crosswalk',
    String(processId),
    printable(type, MAX_MSGID),
    '-',
  ]
  return Buffer.from(`${header.join(' ')} ${renderEvent(event, format).trimEnd()}`, 'utf8')
}

/** @returns the messages, each prefixed with its length (RFC 6587 section 3.4.1) */
function frameByOctets(messages: readonly Buffer[]): Buffer {
  return Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length} `), message]))
}

function printable(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, most) || '-'
}
