// Connects ID tokens of other identity providers to the ports of this one; disabled unless a subject issuer is
// configured.
import type { Endpoint, EventRecorder } from '@crosswalk/as-core'

import type { IdpConfig, IdpPorts } from '../idp-ports.ts'
import type { SignIn } from '../sign-in/contract.ts'
import { createUpstreamEventsEndpoint, UPSTREAM_EVENTS_PATH } from './events-endpoint.ts'
import { createUpstreamLogoutEndpoint, UPSTREAM_LOGOUT_PATH } from './logout-endpoint.ts'
import type { UpstreamTokenSources } from './observe-upstream.ts'
import { createUpstreamEnds } from './upstream-ends.ts'

export interface UpstreamTokens {
  /** Undefined if no subject issuer is configured */
  readonly sources: UpstreamTokenSources | undefined
  /**
   * @returns the same sign-in, except that ending the sessions of a user also ends those that began at another provider
   */
  guard(signIn: SignIn): SignIn
  /**
   * @param signIn - unguarded, because an event ends only what was issued before it happened, however late it arrives
   */
  listRoutes(parts: {
    readonly signIn: Pick<SignIn, 'endSessionsOfUser'>
    readonly events: EventRecorder
  }): readonly (readonly [string, Endpoint])[]
}

/** @throws TypeError if subject issuers are configured without a way to find their users */
export function connectUpstreamTokens(
  { subjectIssuers = [], upstream: signInProviders = [] }: IdpConfig,
  ports: IdpPorts,
): UpstreamTokens {
  if (subjectIssuers.length === 0)
    return { sources: undefined, guard: (signIn) => signIn, listRoutes: () => [] }
  const { upstreams, issuerKeys, privateIssuerKeys = issuerKeys, users, clock, signInStore: store } = ports
  if (upstreams === undefined) throw new TypeError('subjectIssuers needs the port upstreams')
  const ends = createUpstreamEnds(store)
  const sources: UpstreamTokenSources = {
    ends,
    store,
    users,
    upstreams,
    signInProviders,
    keysOf: ({ privateNetwork }) => (privateNetwork ? privateIssuerKeys : issuerKeys),
  }
  return {
    sources,
    guard: (signIn) => ({
      ...signIn,
      async endSessionsOfUser(userId) {
        await ends.endUser(userId, Math.floor(clock.nowMs() / 1000), 'administrator')
        await signIn.endSessionsOfUser(userId)
      },
    }),
    listRoutes({ signIn, events }) {
      const endSessionsOfUser = (userId: string) => signIn.endSessionsOfUser(userId)
      const parts = { ...ports, sources, events, endSessionsOfUser }
      return [
        [UPSTREAM_LOGOUT_PATH, createUpstreamLogoutEndpoint(parts)],
        [UPSTREAM_EVENTS_PATH, createUpstreamEventsEndpoint(parts)],
      ]
    },
  }
}
