// Home-realm discovery: which identity provider signs in the owner of an e-mail address, by its domain.
import type { Upstream } from './upstreams.ts'

/** @param login - what a user typed, or an app gave as `login_hint`; a user name without a domain finds none */
export function findUpstreamByDomain(
  upstreams: readonly Upstream[],
  login: string | undefined,
): Upstream | undefined {
  const at = login?.lastIndexOf('@') ?? -1
  if (login === undefined || at < 1) return undefined
  const domain = login.slice(at + 1).toLowerCase()
  return upstreams.find(({ definition }) => definition.domains.includes(domain))
}
