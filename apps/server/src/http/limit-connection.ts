// Limits for one connection that Node.js lacks. All connections share the event loop, which handles everything that one
// read of a socket brought before it turns to the next, so a single client could delay all others.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that a client may send before their responses; browsers, proxies and HTTP libraries send one. */
const MAX_PIPELINED = 16
/** A body may arrive in this many pieces of any size; all further ones must have the average size below. */
const FREE_PIECES = 1000
const MIN_PIECE_BYTES = 64

/**
 * Limits how long a response may wait for a client that reads nothing, not how long it takes to compute. Node.js looks for
 * progress only at the end of this time, so it may take twice as long.
 */
export const UNREAD_TIMEOUT_MS = 60_000

/** Closes the connection of a client that breaks the limits, now or later. @returns whether it did so now */
export function limitConnection(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const { socket } = incoming
  const pipelined = (inProgress.get(socket) ?? 0) + 1
  if (pipelined > MAX_PIPELINED) {
    socket.destroy()
    return true
  }
  inProgress.set(socket, pipelined)
  // Not before the next read: Node.js answers requests with bodies while it parses the ones behind them.
  outgoing.once('close', () => {
    setImmediate(() => inProgress.set(socket, (inProgress.get(socket) ?? 1) - 1))
  })
  // Without a listener, Node.js would also close connections whose response is not computed yet.
  outgoing.on('timeout', () => {
    if (socket.writableLength > 0) socket.destroy()
  })
  limitPieces(incoming)
  return false
}

const inProgress = new WeakMap<Socket, number>()

/**
 * Each piece takes hundreds of bytes and some microseconds, and a chunk of one byte (RFC 9112 section 7.1) is a piece. Other
 * bodies have as many pieces as the client sends packets, and they are most requests, which the count would slow down by
 * a tenth.
 */
function limitPieces(incoming: IncomingMessage): void {
  if (incoming.headers['transfer-encoding'] === undefined) return
  const push = incoming.push.bind(incoming)
  let pieces = 0
  let bytes = 0
  incoming.push = (piece: Buffer | null, encoding) => {
    pieces += 1
    bytes += piece?.length ?? 0
    if (pieces <= FREE_PIECES + bytes / MIN_PIECE_BYTES) return push(piece, encoding)
    incoming.socket.destroy()
    return false
  }
}
