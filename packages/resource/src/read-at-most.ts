// Reads a body up to a limit. Uses only web streams, to run on every runtime.

/**
 * Copies each chunk: a sender that dripped single bytes would otherwise make us hold a buffer, 200 times as large, for
 * each of them.
 *
 * @returns undefined if there are more than `maxBytes`; the stream is then cancelled
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (stream === null) return new Uint8Array()
  let bytes = new Uint8Array()
  let length = 0
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const end = length + part.value.byteLength
    if (end > maxBytes) {
      // Not awaited: cancelling may take time, and the result is known.
      void reader.cancel().catch(() => undefined)
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
