// Access grants: temporary access of one user over one connection, given by an approval. `exchange/granted-access.ts`
// decides how a grant changes what the user has.
import type { EpochSeconds, ScopeMeaning } from '@crosswalk/protocol'

import { hasEnded, parseMoment } from './moment.ts'
import type { ScopeStates } from './scope-approvals.ts'

export interface AccessGrant {
  readonly id: string
  /** Id of the connection */
  readonly connection: string
  /** Id of the user */
  readonly user: string
  readonly scopes: readonly string[]
  /** What the scopes that need approval meant when access was granted */
  readonly meanings?: Readonly<Record<string, ScopeMeaning>>
  /** RFC 3339; absent: until revoked */
  readonly until?: string
}

export interface CompiledGrant extends AccessGrant {
  /** Epoch seconds */
  readonly endsAt: number | undefined
}

/** By connection and user */
export type AccessGrants = ReadonlyMap<string, readonly CompiledGrant[]>

/** A user's access over a connection with the active access grants, and without them. */
export interface GrantedAccess {
  readonly grants: readonly CompiledGrant[]
  readonly assignedScopes: readonly string[]
  /** Without the approvals of the grants */
  readonly approvals: ScopeStates | undefined
}

export function compileAccessGrants(grants: readonly AccessGrant[]): AccessGrants {
  const compiled = grants.map((grant) => ({ ...grant, endsAt: parseMoment(grant.until) }))
  return Map.groupBy(compiled, accessKey)
}

/** @returns the active access grants of one user over one connection */
export function findGrants(
  grants: AccessGrants,
  about: Pick<AccessGrant, 'connection' | 'user'>,
  now: EpochSeconds,
): readonly CompiledGrant[] {
  return (grants.get(accessKey(about)) ?? []).filter(({ endsAt }) => !hasEnded(endsAt, now))
}

/** Whether the user has an active access grant over the connection. */
export function hasGrant(
  grants: AccessGrants,
  about: Pick<AccessGrant, 'connection' | 'user'>,
  now: EpochSeconds,
): boolean {
  return findGrants(grants, about, now).length > 0
}

/** @returns the access grants as they would be after this one is revoked */
export function withoutGrant(grants: AccessGrants, revoked: CompiledGrant): AccessGrants {
  const key = accessKey(revoked)
  return new Map([...grants, [key, (grants.get(key) ?? []).filter(({ id }) => id !== revoked.id)]])
}

/** User ids never contain a line break. */
function accessKey({ connection, user }: Pick<AccessGrant, 'connection' | 'user'>): string {
  return `${connection}\n${user}`
}
