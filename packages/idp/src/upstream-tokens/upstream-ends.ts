// Which sign-ins at other identity providers have ended before their ID tokens expire: by a logout there, by a security
// event, or by an administrator here. Kept as long as such an ID token could still be exchanged; shared by all processes
// through the sign-in store.
import { digest } from '@crosswalk/as-core'
import type { EpochSeconds } from '@crosswalk/protocol'

import type { SignInStore } from '../ports.ts'

const END = 'UpstreamEnd'
const SEEN = 'UpstreamSeen'
const DAY_SECONDS = 86_400
/** Longer than any ID token is taken (a day), and any access token born of one lives. */
const REMEMBERED_SECONDS = 3 * DAY_SECONDS

/** A sign-in as an ID token names it. */
export interface UpstreamSession {
  readonly issuer: string
  /** The `sub` claim, whatever claim users are linked by */
  readonly sub: string
  readonly sid?: string | undefined
}

export interface UpstreamEnds {
  /** Notes whose sign-in it is, so that a logout finds them; before `find`, so that one of the two sees the other. */
  remember(session: UpstreamSession, userId: string, now: EpochSeconds): Promise<void>
  /** @returns who ended this sign-in, of which a token was issued at `issuedAt` */
  find(
    session: UpstreamSession & { readonly userId: string; readonly issuedAt: EpochSeconds },
  ): Promise<'issuer' | 'administrator' | undefined>
  /** Durable when it resolves. @returns the users whose sign-in it was, as far as one was exchanged here */
  end(
    ended: { readonly issuer: string; readonly sub?: string | undefined; readonly sid?: string | undefined },
    until: EpochSeconds,
  ): Promise<readonly string[]>
  /** Tokens of a user issued until this moment are no longer accepted; durable when it resolves. */
  endUser(userId: string, until: EpochSeconds, by: 'issuer' | 'administrator'): Promise<void>
}

export function createUpstreamEnds(store: Pick<SignInStore, 'find' | 'upsert' | 'saveLater'>): UpstreamEnds {
  /** A logout that comes late or again never shortens one that came before, nor one that comes meanwhile. */
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
      // A session that ended is over, whenever the token says that it was issued.
      if (ofSid !== undefined || reaches(ofSub) || reaches(ofUnnamed)) return 'issuer'
      if (!reaches(ofUser)) return undefined
      return ofUser?.['by'] === 'issuer' ? 'issuer' : 'administrator'
    },
    async end({ issuer, sub, sid }, until) {
      // Of a session alone, where one is named: other sessions of the user go on. An ID token that names none may be of it.
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

/** @returns the name by which a record knows a sign-in elsewhere, which tells nothing of it */
export function nameUpstreamSession({ issuer, sub, sid }: UpstreamSession): string {
  return sid === undefined ? nameSub(issuer, sub) : nameSid(issuer, sid)
}

function namesOf({ issuer, sub, sid }: UpstreamSession): readonly string[] {
  return [nameSub(issuer, sub), ...(sid === undefined ? [] : [nameSid(issuer, sid)])]
}

function nameSub(issuer: string, sub: string): string {
  return digest(JSON.stringify(['sub', issuer, sub]))
}

/** The sign-ins of a subject whose ID tokens name no session. */
function nameUnnamed(issuer: string, sub: string): string {
  return digest(JSON.stringify(['unnamed', issuer, sub]))
}

function nameSid(issuer: string, sid: string): string {
  return digest(JSON.stringify(['sid', issuer, sid]))
}

function nameUser(userId: string): string {
  return digest(JSON.stringify(['user', userId]))
}
