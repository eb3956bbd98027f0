// Objects as the directory keeps them, of file and database: definitions whose secrets are hashes, and what is done to
// them while running. Decides nothing.
import {
  type Collection,
  COLLECTION_NAMES,
  type DeciderChange,
  type InputOf,
  type Role,
} from '@crosswalk/admin-api'
import type { EventStream, User } from '@crosswalk/idp'
import type { AccessGrant, Block, OpenRequest } from '@crosswalk/policy'
import type { AppDefinition, AuthorizationServerDefinition, ScopeApproval } from '@crosswalk/protocol'

/** A user; the password hash is kept apart. */
export interface UserRecord extends User {
  readonly hasPassword: boolean
  /** RFC 3339; of a password set here */
  readonly passwordSetAt?: string
}

/** Collections that are kept in another form than they are sent. */
interface KeptDefinitions {
  readonly users: UserRecord
  readonly apps: AppDefinition
  readonly 'authorization-servers': AuthorizationServerDefinition & { readonly issuer: string }
}
export type DefinitionOf<C extends Collection> = C extends keyof KeptDefinitions
  ? KeptDefinitions[C]
  : InputOf<C>

/** A definition with where it comes from. */
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

/** What can be stopped while it runs. */
export type HeldKind = 'connection' | 'user' | 'app'

/** An operational act in force; it applies to definitions of file and database alike, and outlasts them. */
export interface Hold {
  readonly kind: HeldKind
  readonly target: string
  readonly state: 'suspended' | 'revoked'
  readonly by: string
  /** RFC 3339 */
  readonly since: string
  readonly reason?: string
  /** Of a suspended connection: what was issued before is revoked, and not redeemed either */
  readonly revokeTokens?: true
}

/** @returns the id of a hold in its collection */
export function holdId(kind: HeldKind, target: string): string {
  return `${kind}:${target}`
}

/** An approval given here, for what the connection joined then. */
export interface ApprovalRecord extends ScopeApproval {
  readonly app: string
  readonly resourceApp: string
  /** Of the meaning */
  readonly digest: string
}

/** Access of one user over one connection, for what the connection joined then. */
export interface AccessGrantRecord extends AccessGrant {
  readonly app: string
  readonly resourceApp: string
  /** `ended`: by its `until`, or with its user or connection */
  readonly state: 'active' | 'ended' | 'revoked'
  readonly by: string
  /** RFC 3339 */
  readonly at: string
  readonly reason?: string
  /** Id of the access request that was approved; absent: granted without one */
  readonly request?: string
  readonly deciderChange?: DeciderChange
  readonly over?: { readonly by: string; readonly at: string; readonly reason?: string }
}

/** A token of the admin API, of which only a keyed hash is kept. */
export interface TokenRecord {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly apps?: readonly string[]
  readonly hash: string
  readonly createdAt: string
  readonly createdBy: string
  /** Who answers for what it does; absent for one made with the token of the configuration file, which belongs to no user */
  readonly principal?: string
  readonly expiresAt?: string
}

export type Items = { readonly [C in Collection]: ReadonlyMap<string, Item<DefinitionOf<C>>> }

/** Users are looked up: there may be a hundred thousand. Of the other collections everything is held. */
export type HeldCollection = Exclude<Collection, 'users'>
export type HeldItems = Pick<Items, HeldCollection>
export const HELD_COLLECTIONS = COLLECTION_NAMES.filter((name) => name !== 'users')

/** Everything in force at one revision but the users; immutable. */
export interface World extends HeldItems {
  /** Of all objects of the database together */
  readonly revision: number
  /** By `holdId` */
  readonly holds: ReadonlyMap<string, Hold>
  readonly blocks: ReadonlyMap<string, Block>
  readonly tokens: ReadonlyMap<string, TokenRecord>
  /** Streams of security events that receivers set up */
  readonly streams: ReadonlyMap<string, EventStream>
  /** Requests for access that no one answered yet */
  readonly openRequests: ReadonlyMap<string, OpenRequest>
  /** By `approvalKey` */
  readonly approvals: ReadonlyMap<string, ApprovalRecord>
  /** Those that are active, and those revoked: what was issued under them may still be about */
  readonly accessGrants: ReadonlyMap<string, AccessGrantRecord>
}
