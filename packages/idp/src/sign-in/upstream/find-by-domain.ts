// Home-realm discovery: which identity provider signs in the owner of an e-mail address, by its domain. No other provider
// speaks for that owner.
import { isOfDomain } from '@crosswalk/protocol'

import type { UpstreamUser } from '../../ports.ts'
import type { Upstream } from './upstreams.ts'

/** @param login - what a user typed, or an app gave as `login_hint`; a user name without a domain finds none */
export function findUpstreamByDomain(
  upstreams: readonly Upstream[],
  login: string | undefined,
): Upstream | undefined {
  if (login === undefined || login.lastIndexOf('@') < 1) return undefined
  return upstreams.find(({ definition }) => isOfDomain(login, definition.domains))
}

/** @returns the user without a user name or an address of a domain whose users sign in at another provider */
export function dropForeignNames(
  user: UpstreamUser,
  { definition }: Upstream,
  upstreams: readonly Upstream[],
): UpstreamUser {
  const isForeign = (name: string | undefined) =>
    (findUpstreamByDomain(upstreams, name)?.definition ?? definition).id !== definition.id
  return {
    ...user,
    ...(isForeign(user.username) ? { username: undefined } : {}),
    ...(isForeign(user.email) ? { email: undefined, emailVerified: false } : {}),
  }
}
