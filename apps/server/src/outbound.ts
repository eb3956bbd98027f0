// The guarded clients for every request that this process sends.
import {
  createGuardedFetch,
  createGuardedPost,
  createGuardedWebFetch,
  type DocumentFetch,
  type GuardedFetch,
  isLoopbackHost,
} from '@crosswalk/as-core'
import type { Configuration } from '@crosswalk/control'

export type WatchFetch = (fetch: GuardedFetch & DocumentFetch) => GuardedFetch & DocumentFetch

/** Only definitions that the operator declared to be in a private network are reached with the private clients. */
export function openOutbound(
  configuration: Configuration,
  watchFetch: WatchFetch = (unwatched) => unwatched,
) {
  const reachable = { allowLoopback: reachesLoopback(configuration) }
  const inPrivate = { ...reachable, allowPrivate: true }
  const fetch = watchFetch(createGuardedFetch(reachable))
  const privateFetch = createGuardedFetch(inPrivate)
  const post = createGuardedPost(reachable)
  const web = createGuardedWebFetch(reachable)
  const privateWeb = createGuardedWebFetch(inPrivate)
  return {
    fetch,
    privateFetch,
    post,
    webFetch: web.fetch,
    webFetchFor: ({ privateNetwork }: { readonly privateNetwork: boolean }) =>
      (privateNetwork ? privateWeb : web).fetch,
    async close() {
      for (const client of [post, web, privateWeb, fetch, privateFetch]) await client.close()
    },
  }
}

/** Allows requests to this machine only if the server or a trusted issuer runs on it. */
function reachesLoopback({ baseUrl, authorizationServers, idp }: Configuration): boolean {
  const issuers = [
    ...authorizationServers.flatMap(({ trustedIssuers, authorizationCode: code }) =>
      code?.signIn === undefined ? trustedIssuers : [...trustedIssuers, code.signIn],
    ),
    ...(idp?.subjectIssuers ?? []),
  ].map(({ issuer }) => issuer)
  const tokenEndpoints = (idp?.resourceApps ?? []).flatMap(({ brokered }) =>
    brokered?.credential.kind === 'oauth' ? [brokered.credential.tokenEndpoint] : [],
  )
  return [baseUrl, ...issuers, ...tokenEndpoints].some((url) => isLoopbackHost(new URL(url).hostname))
}
