// Which sign-ins at other identity providers ended before their ID tokens expired: by a logout there, a security event,
// or an administrator here. Kept as long as such an ID token could still be exchanged; shared by all processes through
// the sign-in store.
import { digest } from '@crosswalk/as-core'
import { DAY_SECONDS, type EpochSeconds } from '@crosswalk/protocol'

import type { SignInStore } from '../ports.ts'

const END = 'UpstreamEnd'
const SEEN = 'UpstreamSeen'
/** Longer than an ID token is accepted (a day), and longer than access tokens derived from it live. */
const REMEMBERED_SECONDS = 3 * DAY_SECONDS

/** A sign-in as identified by an ID token. */
export interface UpstreamSession {
  readonly issuer: string
  /** The `sub` claim, whichever claim links users */
  readonly sub: string
  readonly sid?: string | undefined
}

export interface UpstreamEnds {
  /**
   * Records the user of a sign-in, so that a logout finds them. Call it before `find`, so that one of the two sees the
   * other.
   */
  remember(session: UpstreamSession, userId: string, now: EpochSeconds): Promise<void>
  /** @returns who ended this sign-in, for a token issued at `issuedAt` */
  find(
    session: UpstreamSession & { readonly userId: string; readonly issuedAt: EpochSeconds },
  ): Promise<'issuer' | 'administrator' | undefined>
  /** Durable when it resolves. @returns the users of the sign-in, if it was exchanged here */
  end(
    ended: { readonly issuer: string; readonly sub?: string | undefined; readonly sid?: string | undefined },
    until: EpochSeconds,
  ): Promise<readonly string[]>
  /** Tokens of a user issued up to this time are no longer accepted; durable when it resolves. */
  endUser(userId: string, until: EpochSeconds, by: 'issuer' | 'administrator'): Promise<void>
}

export function createUpstreamEnds(store: Pick<SignInStore, 'find' | 'upsert' | 'saveLater'>): UpstreamEnds {
  /** A late or repeated logout never shortens an earlier or concurrent one. */
  async function write(id: string, until: EpochSeconds, by: string): Promise<void> {
    await store.saveLater(END, id, { until, by }, until + REMEMBERED_SECONDS)
  }

  async function note(id: string, userId: string, now: EpochSeconds): Promise<void> {
    const found = await store.find(SEEN, id)
    const isFresh = found?.['userId'] === userId && Number(found['at']) > now - DAY_SECONDS
    if (!isFresh) await store.upsert(SEEN, id, { userId, at: now }, REMEMBERED_SECONDS)
  }

  return {
    async remember(session, userId, now) {
      await Promise.all(namesOf(session).map((id) => note(id, userId, now)))
    },
    async find({ userId, issuedAt, ...session }) {
      const { issuer, sub, sid } = session
      const [ofUser, ofSub, ofSid, ofUnnamed] = await Promise.all([
        store.find(END, nameUser(userId)),
        store.find(END, nameSub(issuer, sub)),
        sid === undefined ? undefined : store.find(END, nameSid(issuer, sid)),
        sid === undefined ? store.find(END, nameUnnamed(issuer, sub)) : undefined,
      ])
      const reaches = (end: typeof ofUser) => Number(end?.['until'] ?? -1) >= issuedAt
      // An ended session stays ended, whatever issue time a token claims.
      if (ofSid !== undefined || reaches(ofSub) || reaches(ofUnnamed)) return 'issuer'
      if (!reaches(ofUser)) return undefined
      return ofUser?.['by'] === 'issuer' ? 'issuer' : 'administrator'
    },
    async end({ issuer, sub, sid }, until) {
      // If a session is named, only that one ends and other sessions continue. An ID token without a session id may
      // belong to it.
      const ids = [sid === undefined ? nameSub(issuer, sub ?? '') : nameSid(issuer, sid)]
      const ofUnnamed = sid === undefined || sub === undefined ? [] : [nameUnnamed(issuer, sub)]
      await Promise.all([...ids, ...ofUnnamed].map((id) => write(id, until, 'issuer')))
      if (ofUnnamed.length > 0) ids.push(nameSub(issuer, sub ?? ''))
      const seen = await Promise.all(ids.map((id) => store.find(SEEN, id)))
      return [...new Set(seen.flatMap((one) => (typeof one?.['userId'] === 'string' ? [one['userId']] : [])))]
    },
    endUser: (userId, until, by) => write(nameUser(userId), until, by),
  }
}

/** @returns the name of a sign-in at another provider in records, which reveals nothing about it */
export function nameUpstreamSession({ issuer, sub, sid }: UpstreamSession): string {
  return sid === undefined ? nameSub(issuer, sub) : nameSid(issuer, sid)
}

function namesOf({ issuer, sub, sid }: UpstreamSession): readonly string[] {
  return [nameSub(issuer, sub), ...(sid === undefined ? [] : [nameSid(issuer, sid)])]
}

function nameSub(issuer: string, sub: string): string {
  return digest(JSON.stringify(['sub', issuer, sub]))
}

/** The sign-ins of a subject whose ID tokens have no session id. */
function nameUnnamed(issuer: string, sub: string): string {
  return digest(JSON.stringify(['unnamed', issuer, sub]))
}

function nameSid(issuer: string, sid: string): string {
  return digest(JSON.stringify(['sid', issuer, sid]))
}

function nameUser(userId: string): string {
  return digest(JSON.stringify(['user', userId]))
}
