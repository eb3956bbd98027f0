// Simulates a remote database: forwards everything, delays responses by some milliseconds, and counts round trips.
// Runs in its own process, so that nothing delays its timers.
import { connect, createServer, type AddressInfo } from 'node:net'

/** The head of the message with which PostgreSQL ends each response; one byte follows. */
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5])

const [port, delay] = process.argv.slice(2).map(Number)
let roundTrips = 0

const server = createServer((outside) => {
  const inside = connect(port ?? 0, '127.0.0.1')
  for (const socket of [outside, inside]) socket.setNoDelay(true).on('error', () => undefined)
  outside.on('data', (chunk) => inside.write(chunk)).on('close', () => inside.destroy())
  inside
    .on('data', (chunk: Buffer) => {
      if (chunk.indexOf(READY_FOR_QUERY) === chunk.length - READY_FOR_QUERY.length - 1) roundTrips += 1
      setTimeout(() => outside.write(chunk), delay)
    })
    .on('close', () => outside.destroy())
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.send?.({ roundTrips }))
