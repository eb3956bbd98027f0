// Users that a resource cannot tell apart, because the same value identifies both (JAG-05, JAG-18).
// The observer looks them up; the evaluator only compares.
import type { ResourceAppDefinition } from '@crosswalk/protocol'

import { type EvaluatedUser, readUserSource } from './users.ts'

/** A user's value that identifies other users too. */
export interface Namesake {
  /** Source of the user's value, such as `user.attributes.staffId` */
  readonly own: string
  /** Source from which the other users have the same value */
  readonly theirs: string
  /** Ids of other users, not necessarily all */
  readonly users: readonly string[]
}

/** A user as an exchange is evaluated for them. */
export interface ExchangeUser extends EvaluatedUser {
  /** For the sources that `compareSources` lists */
  readonly namesakes: readonly Namesake[]
}

/** A value from the first source must not be the value that another user has from the second. */
export type ComparedSources = readonly [own: string, theirs: string]

/** @returns ids of users whose value from the source is this text (see `foldValue`); `MAX_NAMESAKES` are enough */
export type FindByValue = (source: string, text: string) => Promise<readonly string[]>

interface Identifier {
  readonly claim: 'sub' | 'aud_sub' | 'sub_id'
  /** At one issuer, a resource compares two values of a claim only if this is the same. */
  readonly scope: string | undefined
  readonly source: string
}

const ATTRIBUTE = 'user.attributes.'

/** @returns the claims by which the resource may find an account; `pairwise` ones belong to one user by construction */
export function listIdentifiers({
  subject,
  subId,
  claims: { aud_sub: audSub },
  tenant,
  audTenant,
}: ResourceAppDefinition): readonly Identifier[] {
  const all: Identifier[] = []
  if (subject !== 'pairwise') all.push({ claim: 'sub', scope: tenant, source: subject })
  if (audSub !== undefined) all.push({ claim: 'aud_sub', scope: audTenant, source: audSub })
  if (subId !== undefined && subId.nameid !== 'pairwise')
    all.push({ claim: 'sub_id', scope: subId.issuer, source: subId.nameid })
  return all
}

/** ID tokens for an authorization server name users by id. It may use them to sign users in, and find the same accounts. */
const OF_ID_TOKENS: Identifier = { claim: 'sub', scope: undefined, source: 'user.id' }

/** Ids, user names and addresses are unique among themselves; attributes are not. */
export function isShared(own: string, theirs = own): boolean {
  return own !== theirs || own.startsWith(ATTRIBUTE)
}

/** @returns what to compare so that no resource app gets one identifier for two users; mostly nothing */
export function compareSources(resourceApps: Iterable<ResourceAppDefinition>): readonly ComparedSources[] {
  const places = new Map<string, Set<string>>()
  const pairs = new Map<string, ComparedSources>()
  const compare = (own: string, theirs: string) => {
    if (isShared(own, theirs)) pairs.set(JSON.stringify([own, theirs]), [own, theirs])
  }
  for (const resourceApp of resourceApps)
    for (const { claim, scope, source } of listIdentifiers(resourceApp)) {
      const place = JSON.stringify([resourceApp.issuer, claim, scope])
      const sources = places.get(place)
      if (sources === undefined) places.set(place, new Set([source]))
      else sources.add(source)
      if (isSamePlace({ claim, scope }, OF_ID_TOKENS)) compare(source, OF_ID_TOKENS.source)
    }
  for (const sources of places.values())
    for (const own of sources) for (const theirs of sources) compare(own, theirs)
  return [...pairs.values()]
}

function isSamePlace(one: Omit<Identifier, 'source'>, other: Identifier): boolean {
  return one.claim === other.claim && one.scope === other.scope
}

/** Adds the namesakes of a user. */
export async function identifyUser(
  user: EvaluatedUser,
  compared: readonly ComparedSources[],
  find: FindByValue,
): Promise<ExchangeUser> {
  const namesakes: Namesake[] = []
  for (const [own, theirs] of compared) {
    const text = readIdentifier(own, user)
    const found = text === undefined ? [] : await find(theirs, text)
    const users = found.filter((id) => id !== user.id)
    if (users.length > 0) namesakes.push({ own, theirs, users })
  }
  return { ...user, namesakes }
}

/** The same for the complete set of users, without a lookup. */
export async function identifyAll(
  users: ReadonlyMap<string, EvaluatedUser>,
  compared: readonly ComparedSources[],
): Promise<ReadonlyMap<string, ExchangeUser>> {
  const index = new Map<string, string[]>()
  const keyOf = (source: string, text: string) => JSON.stringify([source, foldValue(source, text)])
  for (const source of new Set(compared.map(([, theirs]) => theirs)))
    for (const user of users.values()) {
      const text = readIdentifier(source, user)
      if (text === undefined) continue
      const ids = index.get(keyOf(source, text))
      if (ids === undefined) index.set(keyOf(source, text), [user.id])
      else if (ids.length < MAX_NAMESAKES) ids.push(user.id)
    }
  const find: FindByValue = async (source, text) => index.get(keyOf(source, text)) ?? []
  const identified = new Map<string, ExchangeUser>()
  for (const [id, user] of users) identified.set(id, await identifyUser(user, compared, find))
  return identified
}

/** Enough to find another one beside the user */
export const MAX_NAMESAKES = 3

/** Many resources compare user names and addresses in any case, and so does the sign-in here. */
export function foldValue(source: string, text: string): string {
  return source === 'user.username' || source === 'user.email' ? text.toLowerCase() : text
}

/** @returns the value as text, as tokens have it; undefined if it cannot identify a user */
export function readIdentifier(source: string, user: EvaluatedUser): string | undefined {
  const value = readUserSource(source, user)
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return text === '' ? undefined : text
}

/** @returns other users that the resource could mistake for this one */
export function findNamesakes(
  { namesakes }: ExchangeUser,
  resourceApp: ResourceAppDefinition,
  atSameAudience: readonly ResourceAppDefinition[],
): { readonly sources: readonly string[]; readonly users: readonly string[] } | undefined {
  if (namesakes.length === 0) return undefined
  // Others may have the issuer as an alias.
  const atIssuer = atSameAudience.filter(({ issuer }) => issuer === resourceApp.issuer)
  const others = [OF_ID_TOKENS, ...atIssuer.flatMap(listIdentifiers)]
  const found = listIdentifiers(resourceApp).flatMap(({ claim, scope, source }) =>
    namesakes.filter(
      ({ own, theirs }) =>
        own === source &&
        others.some((other) => isSamePlace({ claim, scope }, other) && other.source === theirs),
    ),
  )
  return found.length === 0
    ? undefined
    : {
        sources: [...new Set(found.map(({ own }) => own))],
        users: [...new Set(found.flatMap(({ users }) => users))],
      }
}
