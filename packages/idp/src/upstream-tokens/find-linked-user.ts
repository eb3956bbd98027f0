// Finds the local user of an ID token of another identity provider: by a rule that an administrator or provisioning
// defined for the subject claim, otherwise by an existing link, by user name or address, or by creating the user if
// allowed.
import { digest } from '@crosswalk/as-core'
import {
  accept,
  DAY_SECONDS,
  isOfDomain,
  type Result,
  type SubjectIssuerDefinition,
  type UpstreamDefinition,
} from '@crosswalk/protocol'

import type { UserLookup, SignInStore, UpstreamUser, Upstreams, User } from '../ports.ts'
import { createIsForeign, limitToDomains } from '../sign-in/upstream/find-by-domain.ts'
import { findUpstreamUser, type SignInOrigin, type UserRefusal } from '../sign-in/upstream/find-user.ts'
import { readUpstreamUser } from '../sign-in/upstream/upstream-user.ts'

export interface LinkPorts {
  readonly users: UserLookup
  readonly upstreams: Upstreams
  readonly store: Pick<SignInStore, 'find' | 'saveLater'>
  /** The identity providers through which users sign in here */
  readonly signInProviders: readonly UpstreamDefinition[]
}

type Claims = Readonly<Record<string, unknown>>

export async function findLinkedUser(
  trust: SubjectIssuerDefinition,
  { subject, claims }: { readonly subject: string; readonly claims: Claims },
  { users, upstreams, store, signInProviders }: LinkPorts,
  origin: SignInOrigin,
): Promise<Result<User, UserRefusal>> {
  const stated = await findStated(trust, subject, users)
  if (stated !== undefined) return accept(stated)
  const named = trust.link.filter((rule) => rule === 'username' || rule === 'email')
  const isForeign = limitToDomains(
    createIsForeign((it) => it.type === 'oidc' && it.issuer === trust.issuer, signInProviders),
    trust.emailDomains,
  )
  const source = { id: trust.issuer, link: named, provisioning: trust.provisioning, isForeign }
  const claimed = readLinkedUser(trust, subject, claims)
  const profile = createProfile({ issuer: trust.issuer, subject, issuedAt: Number(claims['iat']) }, store)
  const following: Upstreams = {
    ...upstreams,
    update: (upstream, user, claims) =>
      profile.applyOnce(() => upstreams.update(upstream, user, { ...claims, isNewest: profile.isNewest })),
  }
  return findUpstreamUser(source, claimed, { users, upstreams: following }, origin)
}

/** @returns the user that an issuer names outside of an ID token, if found or linked before */
export async function findKnownUser(
  trust: SubjectIssuerDefinition,
  named: { readonly subject: string } | { readonly email: string },
  { users, upstreams }: LinkPorts,
): Promise<User | undefined> {
  if ('email' in named) {
    const { email } = named
    const user = isOfDomain(email, trust.emailDomains) ? await users.findByLogin(email) : undefined
    return user?.email === email && user.emailVerified ? user : undefined
  }
  const stated = await findStated(trust, named.subject, users)
  if (stated !== undefined) return stated
  const link = await upstreams.links.find(trust.issuer, named.subject)
  return link === undefined ? undefined : users.findById(link.userId)
}

/** The newest ID token that was read, and the newest whose claims were applied */
const [READ, APPLIED] = ['UpstreamProfile', 'AppliedUpstreamProfile']
/** Longer than any ID token is accepted. */
const PROFILE_SECONDS = 2 * DAY_SECONDS

interface SaidBy {
  readonly issuer: string
  readonly subject: string
  readonly issuedAt: number
}

/** A user created just in time follows the newest ID token: an older one must not restore a removed group. */
function createProfile({ issuer, subject, issuedAt }: SaidBy, store: LinkPorts['store']) {
  const id = digest(JSON.stringify([issuer, subject]))
  const save = (model: string) => store.saveLater(model, id, { issuedAt }, issuedAt + PROFILE_SECONDS)
  const isLast = async (model: string) => (await store.find(model, id))?.['issuedAt'] === issuedAt
  const isNewest = () => isLast(READ)
  return {
    isNewest,
    /** Skips an ID token that was applied before, and one older than another that was read. */
    async applyOnce(apply: () => Promise<void>): Promise<void> {
      // If it was read but not applied, a fault may have prevented that.
      if (!(await save(READ)) && (!(await isNewest()) || (await isLast(APPLIED)))) return
      await apply()
      await save(APPLIED)
    },
  }
}

/** Exact, and only if it identifies a single user. */
async function findStated(
  { link }: SubjectIssuerDefinition,
  subject: string,
  users: UserLookup,
): Promise<User | undefined> {
  for (const rule of link) {
    if (rule === 'username' || rule === 'email') continue
    const found =
      rule === 'id'
        ? [await users.findById(subject)].filter((user) => user !== undefined)
        : await users.findByAttribute(rule.slice('attribute:'.length), subject)
    if (found.length === 1) return found[0]
  }
  return undefined
}

/** An address counts if it is verified and its domain belongs to this issuer. */
function readLinkedUser(trust: SubjectIssuerDefinition, subject: string, claims: Claims): UpstreamUser {
  const claimed = readUpstreamUser({ ...claims, sub: subject }, trust)
  const isVerified = claimed.emailVerified || (trust.emailVerified && claims['email_verified'] === undefined)
  return { ...claimed, emailVerified: isVerified && isOfDomain(claimed.email ?? '', trust.emailDomains) }
}
