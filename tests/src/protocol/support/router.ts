// Leads a request to the server it is meant for, by path, the way one process with several roles does.
import type { Idp } from '@crosswalk/idp'
import type { ResourceAs } from '@crosswalk/resource-as'

export interface Servers {
  readonly idp: Idp | undefined
  /** By id */
  readonly servers: ReadonlyMap<string, ResourceAs>
}

export function createRouter() {
  let inside: Servers | undefined
  return {
    open: (servers: Servers) => void (inside = servers),
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url)
      const id = /\/as\/([^/]+)/.exec(pathname)?.[1]
      const server = id === undefined ? inside?.idp : inside?.servers.get(id)
      return (await server?.fetch(request, '127.0.0.1')) ?? new Response(null, { status: 404 })
    },
  }
}
