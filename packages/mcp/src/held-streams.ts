// Streams that stay open carry what happens later, so each is held to its token as every request is: nothing is sent once the
// token was revoked or has expired. Asked before each part that is sent, keep-alives included, so a silent stream costs nothing.

/** Of one user through one client. The SDK has 1024 for all: without a bound, one caller could take them from the others. */
export const MAX_STREAMS_PER_CALLER = 32

/** Gives a place back; more than once is the same. */
export type Release = () => void

/** @returns what takes a place for a caller, undefined where they have none left */
export function createStreamPlaces(): (caller: string) => Release | undefined {
  const taken = new Map<string, number>()
  return (caller) => {
    const count = taken.get(caller) ?? 0
    if (count >= MAX_STREAMS_PER_CALLER) return undefined
    taken.set(caller, count + 1)
    let isTaken = true
    return () => {
      const left = (taken.get(caller) ?? 0) - (isTaken ? 1 : 0)
      isTaken = false
      if (left > 0) taken.set(caller, left)
      else taken.delete(caller)
    }
  }
}

/**
 * @param isLive - whether the token is still live
 * @param release - called when the stream is over, at once for an answer that is none
 */
export function holdToToken(response: Response, isLive: () => Promise<boolean>, release: Release): Response {
  if (
    response.body === null ||
    response.headers.get('content-type')?.startsWith('text/event-stream') !== true
  ) {
    release()
    return response
  }
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const part = await reader.read()
        if (!part.done && (await isLive())) {
          controller.enqueue(part.value)
          return
        }
      } catch (fault) {
        release()
        throw fault
      }
      release()
      controller.close()
      await reader.cancel()
    },
    async cancel(reason) {
      release()
      await reader.cancel(reason)
    },
  })
  return new Response(body, response)
}
