// Receives request bodies up to a limit, counted as they arrive: a declared length can be wrong, and chunked bodies
// declare none. Excess data is discarded, but read for a while so that the client can read the response.
import type { IncomingMessage } from 'node:http'

/** A request as the listener passes it on. */
export interface ReceivedRequest extends IncomingMessage {
  /** The body if it was received completely, or one byte over the limit if it was too long */
  rawBody?: Buffer
  /** Whether the body exceeds its limit */
  isTooLong?: boolean
}

/** Thrown when reading a body beyond its limit. */
export class BodyTooLongError extends Error {}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

export interface Receiving {
  readonly mostBytes: number
  /** Whether the connection closes after the response: then it must not come while the client is still sending */
  readonly closes: boolean
}

/** Calls `then` once the body is complete or too long; never if the body breaks off. */
export function receiveBody(
  incoming: ReceivedRequest,
  { mostBytes, closes }: Receiving,
  then: () => void,
): void {
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
    if (receivedBytes > mostBytes && !closes) handOn()
  })
  incoming.on('end', () => {
    if (receivedBytes <= mostBytes || closes) handOn()
  })
}

/**
 * The chunk that exceeds the limit is passed on, so that a reader with the same limit can reject it itself.
 *
 * @returns the same request, whose body fails with `BodyTooLongError` after that chunk
 */
export function limitStream(request: Request, mostBytes: number): Request {
  const { method, headers, signal } = request
  // Such requests have no body here, whatever the client sends.
  if (method === 'GET' || method === 'HEAD') return request
  // Only once it is read: the server itself discards a body that was never opened, but waits for one that was, and the
  // connection would answer nothing more.
  let source: ReadableStreamDefaultReader<Uint8Array> | undefined
  const open = () => (source ??= request.body?.getReader())
  let receivedBytes = 0
  const limited = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (receivedBytes > mostBytes) {
          controller.error(new BodyTooLongError(`body over ${mostBytes} bytes`))
          void discard(open())
          return
        }
        const { done, value } = (await open()?.read()) ?? { done: true, value: undefined }
        receivedBytes += value?.byteLength ?? 0
        if (done) controller.close()
        else controller.enqueue(value)
      },
      // Not awaited, so that the response need not wait for the rest of the body.
      cancel: () => void discard(open()),
    },
    { highWaterMark: 0 },
  )
  return new Request(request.url, { method, headers, body: limited, duplex: 'half', signal })
}

/** Cancelling the body instead would close the connection, often before the client has read the response. */
async function discard(source: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  try {
    while ((await source?.read())?.done === false);
  } catch {
    // The client went away, or the server closed the connection.
  }
}
