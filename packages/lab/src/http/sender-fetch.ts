// The guarded sender as `fetch`, for clients that bring their own words: only what such clients send, which is GET and POST
// with bodies of JSON.
import type { GuardedSender } from './guarded-sender.ts'

export function toFetch(sender: GuardedSender): typeof fetch {
  return async (input, init = {}) => {
    const method = init.method === 'POST' ? 'POST' : 'GET'
    const body = typeof init.body === 'string' ? { json: JSON.parse(init.body) as unknown } : {}
    const headers = Object.fromEntries(new Headers(init.headers))
    const url = input instanceof Request ? input.url : String(input)
    const { status, text, headers: answered, problem } = await sender.send({ method, url, headers, ...body })
    // As `fetch` has it, where no one answers.
    if (status === undefined) throw new TypeError(`fetch failed: ${problem?.reason ?? 'no answer'}`)
    return new Response(text === '' ? null : text, { status, headers: answered })
  }
}
