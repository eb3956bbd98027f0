// Reads bodies from the network up to a limit, on every runtime.

const MANY_PIECES = 10_000
/** No network cuts a body into smaller ones. */
const SMALL_PIECE_BYTES = 64

/**
 * Whether a body comes in pieces that are only meant to cost time: each costs as much as some kilobytes, and a runtime may
 * hand over hundreds of thousands of them without a turn for other work.
 */
export function isShredded(pieces: number, bytes: number): boolean {
  return pieces > MANY_PIECES && bytes < pieces * SMALL_PIECE_BYTES
}

/**
 * Copies each chunk: a sender that dripped single bytes would otherwise make us hold a buffer, 200 times as large, for
 * each of them.
 *
 * @returns undefined for a body over `maxBytes`, or in tiny pieces without end; the stream is then cancelled
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes = new Uint8Array()
  let length = 0
  let pieces = 0
  const chunks = body?.[Symbol.asyncIterator]()
  for (let part = await chunks?.next(); part?.done === false; part = await chunks?.next()) {
    const end = length + part.value.byteLength
    pieces += 1
    if (end > maxBytes || isShredded(pieces, end)) {
      // Not awaited: cancelling may take time, and the result is known.
      void chunks?.return?.().catch(() => undefined)
      return undefined
    }
    if (end > bytes.length) bytes = extend(bytes, Math.max(end, 2 * bytes.length))
    bytes.set(part.value, length)
    length = end
  }
  return bytes.subarray(0, length)
}

function extend(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(length)
  longer.set(bytes)
  return longer
}
