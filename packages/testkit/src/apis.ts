// The APIs of a world, each protected by `@crosswalk/resource`.
import type { ResourceOptions } from '@crosswalk/resource'
import type { ResourceAs } from '@crosswalk/resource-as'
import { protect } from '@crosswalk/resource/fetch'

import type { Network } from './network.ts'
import type { WorldClock } from './world-clock.ts'
import type { Resource } from './world-options.ts'

export interface Apis {
  readonly resources: readonly Resource[]
  readonly network: Network
  readonly clock: WorldClock
  /** Authorization servers of this world by issuer */
  readonly servers: ReadonlyMap<string, Pick<ResourceAs, 'introspect'>>
}

/** Several APIs of one origin are distinguished by path. */
export function mountApis({ resources, ...parts }: Apis): void {
  for (const origin of new Set(resources.map(({ resource }) => new URL(resource).origin))) {
    const apis = resources
      .filter(({ resource }) => new URL(resource).origin === origin)
      .map((one) => ({
        resource: one.resource,
        serve: protect(describeResource(one, parts), one.handler),
      }))
    parts.network.mount(origin, async (request) => {
      const { pathname } = new URL(request.url)
      const path = pathname.replace('/.well-known/oauth-protected-resource', '')
      const api = apis.find(({ resource }) => path.startsWith(new URL(resource).pathname.replace(/\/$/, '')))
      return (await api?.serve(request)) ?? new Response(null, { status: 404 })
    })
  }
}

/** Introspects every token at the authorization server, so that revoked ones are refused immediately. */
export function describeResource(
  { resource, issuer, scopes }: Resource,
  { network, clock, servers }: Omit<Apis, 'resources'>,
): ResourceOptions {
  const server = servers.get(issuer)
  return {
    ...{ resource, issuer, scopes, nowMs: clock.nowMs },
    fetch: (url, init) => network.fetch(url, init),
    ...(server === undefined ? {} : { introspect: (token: string) => server.introspect(token, resource) }),
  }
}
