// Home-realm discovery: which identity provider signs in the owner of an e-mail address, by its domain.
import { isOfDomain } from '@crosswalk/protocol'

import type { Upstream } from './upstreams.ts'

/** @param login - what a user typed, or an app gave as `login_hint`; a user name without a domain finds none */
export function findUpstreamByDomain(
  upstreams: readonly Upstream[],
  login: string | undefined,
): Upstream | undefined {
  if (login === undefined || login.lastIndexOf('@') < 1) return undefined
  return upstreams.find(({ definition }) => isOfDomain(login, definition.domains))
}
