// The APIs of a world, each behind the check of `@crosswalk/resource`.
import type { ResourceOptions } from '@crosswalk/resource'
import { protect } from '@crosswalk/resource/fetch'

import type { Network } from './network.ts'
import type { WorldClock } from './world-clock.ts'
import type { Resource } from './world-options.ts'

export interface Apis {
  readonly resources: readonly Resource[]
  readonly network: Network
  readonly clock: WorldClock
}

/** Several APIs of one origin are told apart by path. */
export function mountApis({ resources, network, clock }: Apis): void {
  for (const origin of new Set(resources.map(({ resource }) => new URL(resource).origin))) {
    const apis = resources
      .filter(({ resource }) => new URL(resource).origin === origin)
      .map((one) => ({
        resource: one.resource,
        serve: protect(describeResource(one, { network, clock }), one.handler),
      }))
    network.mount(origin, async (request) => {
      const { pathname } = new URL(request.url)
      const path = pathname.replace('/.well-known/oauth-protected-resource', '')
      const api = apis.find(({ resource }) => path.startsWith(new URL(resource).pathname.replace(/\/$/, '')))
      return (await api?.serve(request)) ?? new Response(null, { status: 404 })
    })
  }
}

export function describeResource(
  { resource, issuer, scopes }: Resource,
  { network, clock }: Pick<Apis, 'network' | 'clock'>,
): ResourceOptions {
  return { resource, issuer, scopes, fetch: (url, init) => network.fetch(url, init), nowMs: clock.nowMs }
}
