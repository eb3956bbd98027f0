// Home-realm discovery: which identity provider signs in the owner of an e-mail address, by its domain. No other provider
// speaks for that owner.
import { isOfDomain, type UpstreamDefinition } from '@crosswalk/protocol'

/** @param login - what a user typed, or an app gave as `login_hint`; a user name without a domain finds none */
export function findUpstreamByDomain(
  upstreams: readonly UpstreamDefinition[],
  login: string | undefined,
): UpstreamDefinition | undefined {
  return hasDomain(login) ? upstreams.find(({ domains }) => isOfDomain(login, domains)) : undefined
}

/** Whether a user name or an address is of a domain whose users sign in at another provider */
export type IsForeign = (name: string | undefined) => boolean

/** @param isOwn - whether this is the provider that names a user */
export function createIsForeign(
  isOwn: (upstream: UpstreamDefinition) => boolean,
  upstreams: readonly UpstreamDefinition[],
): IsForeign {
  return (name) => {
    const upstream = findUpstreamByDomain(upstreams, name)
    return upstream !== undefined && !isOwn(upstream)
  }
}

/** An issuer of subject tokens speaks for the domains that an administrator listed alone, where there are any. */
export function limitToDomains(isForeign: IsForeign, emailDomains: readonly string[]): IsForeign {
  return emailDomains.length === 0 ? isForeign : (name) => hasDomain(name) && !isOfDomain(name, emailDomains)
}

/** Whether a user is known by any name that is of another provider. */
export function isOfOther(
  { username, email }: { readonly username?: string | undefined; readonly email?: string | undefined },
  isForeign: IsForeign,
): boolean {
  return isForeign(username) || isForeign(email)
}

function hasDomain(name: string | undefined): name is string {
  return name !== undefined && name.lastIndexOf('@') >= 1
}
