// Home-realm discovery: which identity provider signs in the owner of an e-mail address, by its domain. No other provider
// speaks for that owner.
import { isOfDomain, type SubjectIssuerDefinition, type UpstreamDefinition } from '@crosswalk/protocol'

/** @param login - what a user typed, or an app gave as `login_hint`; a user name without a domain finds none */
export function findUpstreamByDomain(
  upstreams: readonly UpstreamDefinition[],
  login: string | undefined,
): UpstreamDefinition | undefined {
  return hasDomain(login) ? upstreams.find(({ domains }) => isOfDomain(login, domains)) : undefined
}

/** Whether a user name or an address is of a domain whose users sign in at another provider */
export type IsForeign = (name: string | undefined) => boolean

export function createIsForeign(
  { id }: Pick<UpstreamDefinition, 'id'>,
  upstreams: readonly UpstreamDefinition[],
): IsForeign {
  return (name) => (findUpstreamByDomain(upstreams, name)?.id ?? id) !== id
}

/** Of the domains that an administrator listed, an issuer of subject tokens speaks for these alone. */
export function createIsForeignToIssuer(
  { issuer, emailDomains }: Pick<SubjectIssuerDefinition, 'issuer' | 'emailDomains'>,
  upstreams: readonly UpstreamDefinition[],
): IsForeign {
  return (name) => {
    if (!hasDomain(name)) return false
    if (emailDomains.length > 0) return !isOfDomain(name, emailDomains)
    const upstream = findUpstreamByDomain(upstreams, name)
    return upstream !== undefined && !(upstream.type === 'oidc' && upstream.issuer === issuer)
  }
}

function hasDomain(name: string | undefined): name is string {
  return name !== undefined && name.lastIndexOf('@') >= 1
}
