// The adapter for anything based on `Request` and `Response`: Workers, Deno, Bun, Next.js route handlers.
import { checkRequirement } from './check-requirement.ts'
import { createResource, type Requirement, type Resource, toResponse } from './create-resource.ts'
import { holdToToken } from './hold-to-token.ts'
import type { ResourceOptions } from './options.ts'
import { hasToken } from './read-credentials.ts'
import { challengeResponse } from './session-challenge.ts'
import type { Xaa } from './xaa-context.ts'

/** A handler that receives the caller; the framework's further arguments come last. */
export type ProtectedHandler<Rest extends readonly unknown[] = []> = (
  request: Request,
  xaa: Xaa,
  ...rest: Rest
) => Response | Promise<Response>

/** Requirements of a handler, and what handles requests without a token. */
export interface ProtectOptions<Rest extends readonly unknown[] = []> extends Requirement {
  /**
   * Handles requests without an access token instead of a 401: whatever signs in your own users, by session or API key.
   * It must refuse unknown users; its 401 gets the challenge for agents. An invalid token is always refused.
   */
  readonly otherwise?: (request: Request, ...rest: Rest) => Response | Promise<Response>
}

/**
 * Protects a handler: serves the metadata, refuses invalid requests, and passes on the rest. An event stream ends with
 * its token.
 *
 * @param resource - a resource, or the options for one
 */
export function protect<Rest extends readonly unknown[] = []>(
  resource: Resource | ResourceOptions,
  handler: ProtectedHandler<Rest>,
  { otherwise, ...requirement }: ProtectOptions<Rest> = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  checkRequirement(requirement)
  const guard = asResource(resource)
  return async (request, ...rest) => {
    const metadata = guard.findMetadata(request)
    if (metadata !== undefined) return toResponse(metadata)
    if (otherwise !== undefined && !hasToken(request))
      return challengeResponse(guard, await otherwise(request, ...rest), requirement.scope)
    const verified = await guard.verify(request, requirement)
    if (!verified.accepted) return guard.challenge(verified.refusal)
    const xaa = verified.value
    return holdToToken(await handler(request, xaa, ...rest), {
      isLive: () => guard.mayContinue(request, xaa),
    })
  }
}

/** Serves the metadata on its own route; 404 for any other path. */
export function metadata(resource: Resource | ResourceOptions): (request: Request) => Response {
  const guard = asResource(resource)
  return (request) => {
    const found = guard.findMetadata(request)
    return found === undefined ? new Response(null, { status: 404 }) : toResponse(found)
  }
}

export function asResource(resource: Resource | ResourceOptions): Resource {
  return typeof resource === 'object' && 'verify' in resource ? resource : createResource(resource)
}
