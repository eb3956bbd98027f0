// The body of a response that is made while the client reads it.

/**
 * Reads only as fast as the client consumes.
 * @param ended - called when nothing more is read: at the end, after a fault, or because the client left
 */
export function toStream(chunks: AsyncGenerator<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const chunk = await chunks.next()
        if (chunk.done !== true) return controller.enqueue(chunk.value)
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      ended()
    },
    async cancel() {
      ended()
      await chunks.return(undefined)
    },
  })
}
