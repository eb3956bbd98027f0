// Adds the metadata URL to the 401 of the session handler, so that an agent that knows only the API's URL finds the
// authorization server (RFC 9728 section 5).
import type { Resource } from './create-resource.ts'
import { buildRefusal } from './token-refusal.ts'

const HEADER = 'www-authenticate'

/** @returns the response, with the challenge added to a 401 that lacks one */
export function challengeResponse(
  guard: Resource,
  response: Response,
  scope: readonly string[] = [],
): Response {
  if (response.status !== 401 || response.headers.has(HEADER)) return response
  const headers = new Headers(response.headers)
  headers.set(HEADER, renderFor(guard, scope))
  return new Response(response.body, { status: 401, statusText: response.statusText, headers })
}

/** The parts of a `node:http` response that are used here. */
export interface HeadWriter {
  writeHead?: ((status: number, ...rest: never[]) => unknown) | undefined
  getHeader?(name: string): unknown
  setHeader(name: string, value: string): unknown
}

/** Adds the challenge when the response head is written, if it is a 401 without one. */
export function challengeWhenWritten(guard: Resource, res: HeadWriter): void {
  const { writeHead } = res
  if (writeHead === undefined) return
  res.writeHead = (status, ...rest) => {
    if (status === 401 && res.getHeader?.(HEADER) === undefined) res.setHeader(HEADER, renderFor(guard))
    return writeHead.call(res, status, ...rest)
  }
}

function renderFor(guard: Resource, scope: readonly string[] = []): string {
  return guard.renderRefusal(buildRefusal('XAA3001', 'no token', { scope })).headers[HEADER] ?? ''
}
