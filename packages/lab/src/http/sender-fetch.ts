// The guarded sender as `fetch`, for other client libraries: supports only what they send, which is GET, POST and
// DELETE, with JSON bodies.
import { type GuardedSender, METHODS } from './guarded-sender.ts'

export function toFetch(sender: GuardedSender): typeof fetch {
  return async (input, init = {}) => {
    const { method: asked = 'GET' } = init
    const method = METHODS.find((one) => one === asked)
    // Anything else must not turn into a harmless GET.
    if (method === undefined) throw new TypeError(`${asked} is not supported`)
    const body = typeof init.body === 'string' ? { json: JSON.parse(init.body) as unknown } : {}
    const headers = Object.fromEntries(new Headers(init.headers))
    const url = input instanceof Request ? input.url : String(input)
    const { status, text, headers: answered, problem } = await sender.send({ method, url, headers, ...body })
    // Like `fetch` without a response. No `Response` has a status above 599.
    if (status === undefined || status > 599)
      throw new TypeError(`fetch failed: ${problem?.reason ?? `status ${String(status)}`}`)
    return new Response(text === '' ? null : text, { status, headers: answered })
  }
}
