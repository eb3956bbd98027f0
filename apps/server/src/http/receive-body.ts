// Receives request bodies up to a limit, counted as they arrive: a declared length can lie, and chunks declare none. What
// comes beyond the limit is never kept, and read off the connection for a while so that the client gets to read the answer.
import type { IncomingMessage } from 'node:http'

/** A request as the listener hands it on. */
export interface ReceivedRequest extends IncomingMessage {
  /** The body where it was received whole; one byte over the limit where it is too long */
  rawBody?: Buffer
  /** Whether the body is longer than its limit */
  isTooLong?: boolean
}

/** Thrown on reading more of a body than may come. */
export class BodyTooLongError extends Error {}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** `then` is called once the body is here or too long, and not at all for one that breaks off. */
export function receiveWhole(incoming: ReceivedRequest, mostBytes: number, then: () => void): void {
  const chunks: Buffer[] = []
  let receivedBytes = 0
  function handOn(): void {
    const [only, ...others] = chunks
    const whole = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)
    incoming.rawBody = whole.subarray(0, mostBytes + 1)
    incoming.isTooLong = receivedBytes > mostBytes
    then()
  }
  incoming.on('data', (chunk: Buffer) => {
    if (receivedBytes > mostBytes) return
    receivedBytes += chunk.length
    chunks.push(chunk)
    if (receivedBytes > mostBytes) handOn()
  })
  incoming.on('end', () => {
    if (receivedBytes <= mostBytes) handOn()
  })
}

/**
 * The chunk that goes over the limit is handed on, so that a reader with the same limit can refuse by itself.
 *
 * @returns the same request, whose body fails with `BodyTooLongError` after that chunk
 */
export function limitStream(request: Request, mostBytes: number): Request {
  const { body, method, headers } = request
  if (body === null) return request
  let receivedBytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (receivedBytes > mostBytes) controller.error(new BodyTooLongError(`body over ${mostBytes} bytes`))
      else controller.enqueue(chunk)
      receivedBytes += chunk.byteLength
    },
  })
  return new Request(request.url, { method, headers, body: body.pipeThrough(limit), duplex: 'half' })
}
