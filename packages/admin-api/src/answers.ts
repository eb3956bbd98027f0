// Checks whether responses come from the admin API, since URLs may lead to another server. Separate from the client
// because it needs the schemas, which the console, served by its own server, does without.
import { readAtMost } from '@crosswalk/protocol'
import { z } from 'zod'

import { type AdminClient, type AdminClientOptions, AdminApiError, createAdminClient } from './client.ts'
import type { Route } from './route.ts'
import { type RouteName, ROUTES } from './routes.ts'

/** More than the configuration of any company; another server may send without end. */
const MAX_ANSWER_BYTES = 128 * 1_048_576

/** Creates a client for URLs that were entered manually. */
export function createCheckingClient(options: AdminClientOptions): AdminClient {
  const send = options.fetch ?? fetch
  return createAdminClient({
    ...options,
    fetch: async (...request) => readWhole(await send(...request)),
    isAnswer: isAnswerOf,
  })
}

/** @throws AdminApiError for a response over the limit, or with a status that only `fetch` itself can represent */
async function readWhole({ body, status, headers }: Response): Promise<Response> {
  const bytes = await readAtMost(body, MAX_ANSWER_BYTES)
  if (bytes === undefined || status > 599) throw new AdminApiError(status, undefined)
  return new Response(bytes.length === 0 ? null : bytes, { status, headers })
}

/** Members are not checked individually, since servers of other versions may have different ones. */
export function isAnswerOf(name: RouteName, status: number, body: unknown): boolean {
  const { replies }: Route = ROUTES[name]
  const reply = replies[status]
  if (body === undefined) return reply !== undefined && reply.body === undefined
  const members = reply?.body instanceof z.ZodObject ? Object.keys(reply.body.shape) : []
  return members.length === 0 || members.some((member) => Object.hasOwn(body as object, member))
}
