// Finds the local user for a user of another identity provider: by the link from their first sign-in, otherwise by the
// configured rule, otherwise by creating the user. Does not decide whether they may sign in.
import { accept, refuse, type EpochMs, type Result, type UpstreamDefinition } from '@crosswalk/protocol'

import type { UpstreamUser, Upstreams, User, Users } from '../../ports.ts'
import { type IsForeign, belongsToOtherProvider } from './find-by-domain.ts'

/** `taken`: the account is linked to another user there. `of-other-domain`: another provider is responsible for it. */
export type UserRefusal = 'unknown' | 'taken' | 'incomplete' | 'of-other-domain'

export interface FindUserPorts {
  readonly users: Users
  readonly upstreams: Upstreams
}

export interface SignInOrigin {
  readonly at: EpochMs
  /** Address of the browser */
  readonly ip: string | undefined
}

/** The settings of an identity provider that determine its local users. */
export interface UserSource extends Pick<UpstreamDefinition, 'id' | 'link' | 'provisioning'> {
  readonly isForeign: IsForeign
}

export async function findUpstreamUser(
  upstream: UserSource,
  claimed: UpstreamUser,
  ports: FindUserPorts,
  origin: SignInOrigin,
): Promise<Result<User, UserRefusal>> {
  const trusted = dropForeignNames(claimed, upstream)
  const findLinked = () => findLinkedUser(upstream, trusted, ports, origin)
  const found = (await findLinked()) ?? (await link(upstream, { claimed, trusted }, ports, origin))
  if (found.accepted || found.refusal !== 'taken') return found
  // In another tab, the same user may have signed in for the first time just now.
  return (await findLinked()) ?? found
}

/** @returns undefined if no user is linked */
async function findLinkedUser(
  upstream: UserSource,
  trusted: UpstreamUser,
  { users, upstreams }: FindUserPorts,
  { ip }: SignInOrigin,
): Promise<Result<User, UserRefusal> | undefined> {
  const linked = await upstreams.links.find(upstream.id, trusted.subject)
  if (linked === undefined) return undefined
  const user = await users.findById(linked.userId)
  if (user === undefined) return refuse('unknown')
  if (linked.created) await upstreams.update(upstream, user, { claimed: trusted, ip })
  return accept((await users.findById(user.id)) ?? user)
}

/** Links a user found by the rule, or a new one. */
async function link(
  upstream: UserSource,
  { claimed, trusted }: { readonly claimed: UpstreamUser; readonly trusted: UpstreamUser },
  { users, upstreams }: FindUserPorts,
  origin: SignInOrigin,
): Promise<Result<User, UserRefusal>> {
  const known = await findByRule(upstream, trusted, users)
  if (known !== undefined) {
    // A bare user name may be that of another provider's account.
    if (belongsToOtherProvider(known, upstream.isForeign)) return refuse('of-other-domain')
    const about = { upstream: upstream.id, subject: trusted.subject, at: origin.at }
    const added = await upstreams.links.add({ ...about, userId: known.id, created: false })
    return added ? accept(known) : refuse('taken')
  }
  const user = await createUser(upstream, trusted, upstreams, origin)
  if (typeof user !== 'string') return accept(user)
  return refuse(belongsToOtherProvider(claimed, upstream.isForeign) ? 'of-other-domain' : user)
}

/** @returns the user without a user name or address whose domain belongs to another provider */
function dropForeignNames(user: UpstreamUser, { isForeign }: UserSource): UpstreamUser {
  return {
    ...user,
    ...(isForeign(user.username) ? { username: undefined } : {}),
    ...(isForeign(user.email) ? { email: undefined, emailVerified: false } : {}),
  }
}

async function findByRule(
  { link }: UserSource,
  claimed: UpstreamUser,
  users: Users,
): Promise<User | undefined> {
  for (const rule of link) {
    const login = rule === 'username' ? claimed.username : claimed.emailVerified ? claimed.email : undefined
    const user = login === undefined ? undefined : await users.findByLogin(login)
    // `findByLogin` accepts both: a user name from there that is an address must not find a user by address.
    if (user !== undefined && (rule === 'username' ? user.username : user.email) === login) return user
  }
  return undefined
}

async function createUser(
  upstream: UserSource,
  claimed: UpstreamUser,
  upstreams: Upstreams,
  origin: SignInOrigin,
): Promise<User | UserRefusal> {
  if (upstream.provisioning === 'none') return 'unknown'
  if (claimed.username === undefined) return 'incomplete'
  return (await upstreams.create(upstream, claimed, origin)) ?? 'taken'
}
