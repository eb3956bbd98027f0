// Reads bodies from the network up to a limit.

/**
 * Copies each chunk: a sender that dripped single bytes would otherwise make us hold a buffer, 200 times as large, for
 * each of them.
 *
 * @returns undefined for a body over `most` bytes; reading stops there, because leaving the loop destroys the stream
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<Buffer | undefined> {
  let buffer = Buffer.alloc(0)
  let length = 0
  for await (const chunk of body ?? []) {
    const end = length + chunk.byteLength
    if (end > most) return undefined
    if (end > buffer.length) buffer = Buffer.concat([buffer], Math.max(end, 2 * buffer.length))
    buffer.set(chunk, length)
    length = end
  }
  return buffer.subarray(0, length)
}
