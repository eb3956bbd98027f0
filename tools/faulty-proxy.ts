// A TCP proxy between a server and its database, for tests of network failures between them.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface FaultyProxy {
  /** The URL of the database, through the proxy */
  readonly url: string
  /** Drops all data on existing connections from now on, without closing them: they stay open forever. */
  swallow(): void
  /** Whether new connections reach the database; otherwise they get no response either. */
  forwardNew(forwards: boolean): void
  /** Closes the connection on which `text` is sent next, after the database has received it and before it responds. */
  cutAfter(text: string): void
  /** How often the database has reported that it is ready for the next statement, on all connections */
  roundTrips(): number
  close(): Promise<void>
}

/** The head of the message that ends every response of PostgreSQL; one byte follows. */
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5])
const READY_LENGTH = READY_FOR_QUERY.length + 1

interface Pair {
  readonly outside: Socket
  readonly inside: Socket
}

export async function startFaultyProxy(databaseUrl: string): Promise<FaultyProxy> {
  const target = new URL(databaseUrl)
  const pairs = new Set<Pair>()
  let forwards = true
  let cut: string | undefined
  let roundTrips = 0

  function accept(outside: Socket): void {
    const inside = connect(Number(target.port), target.hostname)
    const pair = { outside, inside }
    pairs.add(pair)
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
    if (!forwards) return
    inside.on('data', (chunk: Buffer) => {
      if (chunk.indexOf(READY_FOR_QUERY) === chunk.length - READY_LENGTH) roundTrips += 1
      outside.write(chunk)
    })
    outside.on('data', (chunk) => {
      inside.write(chunk)
      if (cut === undefined || !chunk.includes(cut)) return
      cut = undefined
      inside.removeAllListeners('data')
      inside.once('data', () => outside.destroy())
    })
  }

  const server = createServer(accept).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    swallow() {
      for (const { outside, inside } of pairs) {
        for (const socket of [outside, inside]) socket.removeAllListeners('data').resume()
      }
    },
    forwardNew: (next) => void (forwards = next),
    cutAfter: (text) => void (cut = text),
    roundTrips: () => roundTrips,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const { outside } of pairs) outside.destroy()
      await closed
    },
  }
}
