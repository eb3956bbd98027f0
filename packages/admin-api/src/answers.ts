// Checks whether responses come from the admin API, since URLs may lead to another server. Separate from the client
// because it needs the schemas, which the console, served by its own server, does without.
import { z } from 'zod'

import { type AdminClient, type AdminClientOptions, createAdminClient } from './client.ts'
import type { Route } from './route.ts'
import { type RouteName, ROUTES } from './routes.ts'

/** Creates a client for URLs that were entered manually. */
export function createCheckingClient(options: AdminClientOptions): AdminClient {
  return createAdminClient({ ...options, isAnswer: isAnswerOf })
}

/** Members are not checked individually, since servers of other versions may have different ones. */
export function isAnswerOf(name: RouteName, status: number, body: unknown): boolean {
  const { replies }: Route = ROUTES[name]
  const reply = replies[status]
  if (body === undefined) return reply !== undefined && reply.body === undefined
  const members = reply?.body instanceof z.ZodObject ? Object.keys(reply.body.shape) : []
  return members.length === 0 || members.some((member) => Object.hasOwn(body as object, member))
}
