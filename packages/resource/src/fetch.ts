// The adapter for anything that speaks `Request` and `Response`: Workers, Deno, Bun, Next.js route handlers.
import { createResource, type Requirement, type Resource, toResponse } from './create-resource.ts'
import type { ResourceOptions } from './options.ts'
import type { Xaa } from './xaa-context.ts'

/** A handler that is told who calls. */
export type ProtectedHandler = (request: Request, xaa: Xaa) => Response | Promise<Response>

/**
 * Puts a handler behind the check: serves the metadata, refuses what is not allowed, hands on the rest.
 *
 * @param resource - a resource, or the options for one
 */
export function protect(
  resource: Resource | ResourceOptions,
  handler: ProtectedHandler,
  requirement: Requirement = {},
): (request: Request) => Promise<Response> {
  const guard = asResource(resource)
  return async (request) => {
    const metadata = guard.findMetadata(request)
    if (metadata !== undefined) return toResponse(metadata)
    const verified = await guard.verify(request, requirement)
    return verified.accepted ? await handler(request, verified.value) : guard.challenge(verified.refusal)
  }
}

export function asResource(resource: Resource | ResourceOptions): Resource {
  return 'verify' in resource ? resource : createResource(resource)
}
