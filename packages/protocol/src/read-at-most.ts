// Reads bodies from the network up to a limit, on every runtime.

/**
 * Copies each chunk: a sender that dripped single bytes would otherwise make us hold a buffer, 200 times as large, for
 * each of them.
 *
 * @returns undefined for a body over `maxBytes`; the stream is then cancelled
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes = new Uint8Array()
  let length = 0
  const chunks = body?.[Symbol.asyncIterator]()
  for (let part = await chunks?.next(); part?.done === false; part = await chunks?.next()) {
    const end = length + part.value.byteLength
    if (end > maxBytes) {
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
