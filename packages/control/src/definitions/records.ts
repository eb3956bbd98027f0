// Objects as the directory keeps them, from file and database: definitions with hashed secrets, and the acts applied to
// them at run time. Types only.
import {
  type AccessRequest,
  type Collection,
  COLLECTION_NAMES,
  type DeciderChange,
  type InputOf,
  type Role,
} from '@crosswalk/admin-api'
import type { EventStream, User } from '@crosswalk/idp'
import type { AccessGrant, Block } from '@crosswalk/policy'
import type { AppDefinition, AuthorizationServerDefinition, ScopeApproval } from '@crosswalk/protocol'

/** A user; the password hash is stored separately. */
export interface UserRecord extends User {
  readonly hasPassword: boolean
  /** RFC 3339; only for passwords set here */
  readonly passwordSetAt?: string
}

/** Collections whose stored form differs from the one sent. */
interface KeptDefinitions {
  readonly users: UserRecord
  readonly apps: AppDefinition
  readonly 'authorization-servers': AuthorizationServerDefinition & { readonly issuer: string }
}
export type DefinitionOf<C extends Collection> = C extends keyof KeptDefinitions
  ? KeptDefinitions[C]
  : InputOf<C>

export interface Item<T> {
  readonly definition: T
  readonly owner: 'file' | 'database'
  /** 0 for an object of the file */
  readonly revision: number
  readonly updatedAt?: number
  readonly updatedBy?: string
}

export function definitionsOf<T>(items: ReadonlyMap<string, Item<T>>): T[] {
  return [...items.values()].map(({ definition }) => definition)
}

/** Kinds of objects that can be suspended or revoked at run time. */
export type HeldKind = 'connection' | 'user' | 'app'

/**
 * An active suspension or revocation; it applies to objects of file and database alike, and outlasts their definitions.
 */
export interface Hold {
  readonly kind: HeldKind
  readonly target: string
  readonly state: 'suspended' | 'revoked'
  readonly by: string
  /** RFC 3339 */
  readonly since: string
  readonly reason?: string
  /** For suspended connections: tokens issued before are revoked, and ID-JAGs not redeemed */
  readonly revokeTokens?: true
}

export function holdId(kind: HeldKind, target: string): string {
  return `${kind}:${target}`
}

export function isHeld({ holds }: Pick<World, 'holds'>, kind: HeldKind, target: string): boolean {
  return holds.has(holdId(kind, target))
}

/** An approval made here, valid for the apps that the connection joined at the time. */
export interface ApprovalRecord extends ScopeApproval {
  readonly app: string
  readonly resourceApp: string
  /** Digest of the meaning */
  readonly digest: string
}

/** Access of one user over one connection, valid for the apps that the connection joined at the time. */
export interface AccessGrantRecord extends AccessGrant {
  readonly app: string
  readonly resourceApp: string
  /** `ended`: it expired, or its user or connection was removed or changed */
  readonly state: 'active' | 'ended' | 'revoked'
  readonly by: string
  /** RFC 3339 */
  readonly at: string
  readonly reason?: string
  /** Id of the approved access request; absent if granted without one */
  readonly request?: string
  /** Id of the approval rule that approved the request automatically */
  readonly rule?: string
  readonly deciderChange?: DeciderChange
  readonly over?: { readonly by: string; readonly at: string; readonly reason?: string }
}

/** A token of the admin API, stored only as a keyed hash. */
export interface TokenRecord {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly apps?: readonly string[]
  readonly hash: string
  readonly createdAt: string
  readonly createdBy: string
  /**
   * The user responsible for the token; absent if created with the token from the configuration file, which has no user
   */
  readonly principal?: string
  readonly expiresAt?: string
}

export type Items = { readonly [C in Collection]: ReadonlyMap<string, Item<DefinitionOf<C>>> }

/** Users are looked up, because there may be a hundred thousand. Other collections are held completely. */
export type CachedCollection = Exclude<Collection, 'users'>
export type CachedItems = Pick<Items, CachedCollection>
export const CACHED_COLLECTIONS = COLLECTION_NAMES.filter((name) => name !== 'users')

/** All current definitions and acts at one revision, except users; immutable. */
export interface World extends CachedItems {
  /** Revision of the whole database */
  readonly revision: number
  /** By `holdId` */
  readonly holds: ReadonlyMap<string, Hold>
  readonly blocks: ReadonlyMap<string, Block>
  readonly tokens: ReadonlyMap<string, TokenRecord>
  /** Streams of security events that receivers created */
  readonly streams: ReadonlyMap<string, EventStream>
  /** Access requests that are not decided yet */
  readonly openRequests: ReadonlyMap<string, AccessRequest>
  /** By `approvalKey` */
  readonly approvals: ReadonlyMap<string, ApprovalRecord>
  /** Active grants, and those revoked recently: tokens issued under them may still be live */
  readonly accessGrants: ReadonlyMap<string, AccessGrantRecord>
}
