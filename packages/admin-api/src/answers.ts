// Which answers are of the admin API. Where a URL leads to another server, what comes back is no answer of the route. The
// schemas come along with this, so that the console, which is served by its own server, goes without.
import { z } from 'zod'

import { type AdminClient, type AdminClientOptions, createAdminClient } from './client.ts'
import type { Route } from './route.ts'
import { type RouteName, ROUTES } from './routes.ts'

/** A client for URLs typed by hand. */
export function createCheckingClient(options: AdminClientOptions): AdminClient {
  return createAdminClient({ ...options, isAnswer: isAnswerOf })
}

/** Members are not checked one by one: a server of another version may know others. */
export function isAnswerOf(name: RouteName, status: number, body: unknown): boolean {
  const { replies }: Route = ROUTES[name]
  const reply = replies[status]
  if (body === undefined) return reply !== undefined && reply.body === undefined
  const members = reply?.body instanceof z.ZodObject ? Object.keys(reply.body.shape) : []
  return members.length === 0 || members.some((member) => Object.hasOwn(body as object, member))
}
