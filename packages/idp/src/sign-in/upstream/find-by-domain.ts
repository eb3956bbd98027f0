// Home-realm discovery: which identity provider signs in the owner of an email address, by its domain. No other
// provider may assert that owner.
import { isOfDomain, type UpstreamDefinition } from '@crosswalk/protocol'

/** @param login - typed by a user, or the `login_hint` of an app; a user name without a domain matches none */
export function findUpstreamByDomain(
  upstreams: readonly UpstreamDefinition[],
  login: string | undefined,
): UpstreamDefinition | undefined {
  return hasDomain(login) ? upstreams.find(({ domains }) => isOfDomain(login, domains)) : undefined
}

/** Whether a user name or address has a domain whose users sign in at another provider */
export type IsForeign = (name: string | undefined) => boolean

/** @param isOwn - whether this is the provider that asserts the user */
export function createIsForeign(
  isOwn: (upstream: UpstreamDefinition) => boolean,
  upstreams: readonly UpstreamDefinition[],
): IsForeign {
  return (name) => {
    const upstream = findUpstreamByDomain(upstreams, name)
    return upstream !== undefined && !isOwn(upstream)
  }
}

/** An issuer of subject tokens may only assert users of the domains that an administrator listed, if any. */
export function limitToDomains(isForeign: IsForeign, emailDomains: readonly string[]): IsForeign {
  return emailDomains.length === 0 ? isForeign : (name) => hasDomain(name) && !isOfDomain(name, emailDomains)
}

/** Whether any name of a user belongs to another provider. */
export function belongsToOtherProvider(
  { username, email }: { readonly username?: string | undefined; readonly email?: string | undefined },
  isForeign: IsForeign,
): boolean {
  return isForeign(username) || isForeign(email)
}

function hasDomain(name: string | undefined): name is string {
  return name !== undefined && name.lastIndexOf('@') >= 1
}
