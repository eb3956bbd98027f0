// A stream delivers later events, so it depends on its token like any request: nothing is sent once the token is
// revoked or expired. The token is checked before each part, including keep-alives, so an idle stream costs nothing.

export interface TokenHold {
  /** Whether the next part may be sent */
  readonly isLive: () => Promise<boolean>
  /** Called when the stream ends, or immediately if the response is not an event stream */
  readonly release?: () => void
  /** The final part of a stream that ends with its token */
  readonly lastPart?: string | undefined
}

/** Ends an event stream with its token, and cancels its source; other responses remain as they are. */
export function holdToToken(
  response: Response,
  { isLive, release = () => undefined, lastPart = '' }: TokenHold,
): Response {
  if (response.body === null || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
    release()
    return response
  }
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const part = await reader.read()
        if (!part.done && (await isLive())) return controller.enqueue(part.value)
        if (!part.done && lastPart !== '') controller.enqueue(new TextEncoder().encode(lastPart))
        controller.close()
      } catch (fault) {
        controller.error(fault)
      }
      release()
      await reader.cancel()
    },
    async cancel(reason) {
      release()
      await reader.cancel(reason)
    },
  })
  return new Response(body, response)
}
