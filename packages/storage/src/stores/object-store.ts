// Objects that are made or changed while running, with every revision kept. What is in them is the caller's.
import type { LoggedEvent, OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'

export interface StoredObject {
  readonly collection: string
  readonly id: string
  /** The revision of all objects together at which this one was last changed; grows, never comes back. */
  readonly revision: number
  /** Who owns the definition, for example `database` or `file`. */
  readonly owner: string
  /** The JSON value that was put. */
  readonly body: unknown
  readonly updatedAt: EpochMs
  readonly updatedBy: string
}

export interface ObjectRevision {
  readonly revision: number
  /** Undefined when this revision removed the object. */
  readonly body: unknown
  readonly owner: string
  readonly at: EpochMs
  readonly by: string
  readonly reason: string | undefined
}

/** What one revision of all objects did. */
export interface StoredChange extends Omit<StoredObject, 'body'> {
  /** Undefined when it removed the object. */
  readonly body: unknown
}

/** Who changes an object, when, and why; an event given becomes durable together with the change. */
export interface ObjectChange {
  readonly collection: string
  readonly id: string
  /** The revision the caller saw, 0 for none; without it the change is made whatever is there. */
  readonly ifRevision?: number
  readonly by: string
  readonly at: EpochMs
  readonly reason?: string
  /** One or several, in their order; may be built with the revision that the change makes. */
  readonly event?: ObjectEvents | ((revision: number) => ObjectEvents)
  /** Security events that report the change, queued in the same transaction */
  readonly securityEvents?: readonly OutgoingSecurityEvent[]
  /** Of the user with the id of the object, replaced in the same transaction; null removes it */
  readonly passwordHash?: string | null | undefined
}

export type ObjectEvents = LoggedEvent | readonly LoggedEvent[]

export interface ObjectPut extends ObjectChange {
  /** A JSON value. */
  readonly body: unknown
  /** Default: `database`. */
  readonly owner?: string
  /** What `findByKey` finds it by from now on, instead of those before; of 512 characters at most, without NUL */
  readonly keys?: readonly string[]
}

/** Removes the object where it has no body. */
export type ObjectStep = ObjectPut | (ObjectChange & { readonly body?: undefined })

/** What a change was judged by, beside the object itself. Nothing is changed if any of it has changed since. */
export interface Basis {
  /** Of all objects together */
  readonly revision: number
  /** Objects that are too many to be judged by all of them: one counts if it was removed, or is found by one of these keys. */
  readonly lookedUp: { readonly collection: string; readonly keys: readonly string[] }
}

export type ObjectOutcome =
  | { readonly ok: true; readonly revision: number }
  /** Another user changed it: its revision now, 0 when there is none. Or what it was judged by: the revision of all objects. */
  | { readonly ok: false; readonly conflict: number }

/**
 * Atomic: object, history, revision counter and event change together or not at all. Durable when resolved.
 * Every process hears of every change, at least once per burst.
 */
export interface ObjectStore {
  /** Of all objects together; changes exactly when one of them does. */
  revision(): Promise<number>
  /** In the order of ids, by their code units. */
  list(collection: string): Promise<readonly StoredObject[]>
  /** Of `list` the first behind an id. */
  page(
    collection: string,
    about: { readonly after: string; readonly limit: number },
  ): Promise<readonly StoredObject[]>
  find(collection: string, id: string): Promise<StoredObject | undefined>
  /** Those of them that are there, in the order of ids. */
  findMany(collection: string, ids: readonly string[]): Promise<readonly StoredObject[]>
  /** @returns the ids of the objects that were put with this key, in their order */
  findByKey(collection: string, key: string): Promise<readonly string[]>
  /** @returns how many `findByKey` finds */
  countByKey(collection: string, key: string): Promise<number>
  /** @returns the keys of objects that begin so, in their order */
  listKeys(collection: string, prefix: string): Promise<readonly string[]>
  /** @returns those ids that objects have, in their order */
  filterIds(collection: string, ids: readonly string[]): Promise<readonly string[]>
  count(collection: string): Promise<number>
  /**
   * Gives objects keys that were put without, by a process of a release that knew none, and takes away those of objects
   * that it changed or removed. Idempotent.
   *
   * @param ids - the only ones to look at; absent: all of the collection, but for those that were removed
   */
  addKeys(
    collection: string,
    keysOf: (object: StoredObject) => readonly string[],
    ids?: readonly string[],
  ): Promise<void>
  /** @param basis - absent: the change is made whatever else has changed */
  put(change: ObjectPut, basis?: Basis): Promise<ObjectOutcome>
  /** Removing what is not there is a conflict with 0. */
  remove(change: ObjectChange, basis?: Basis): Promise<ObjectOutcome>
  /**
   * Several changes, all or none, in the order given; each has a revision of its own, and the outcome that of the last.
   * The first that meets another change is the conflict.
   */
  changeAll(steps: readonly ObjectStep[], basis?: Basis): Promise<ObjectOutcome>
  /** Every change behind `after` up to `until`, in order; both are revisions of all objects together. */
  changesBetween(after: number, until: number): Promise<readonly StoredChange[]>
  /** Ids of the objects that were put or removed behind `after` up to `until`. */
  changedBetween(collection: string, after: number, until: number): Promise<readonly string[]>
  /**
   * As `list` was at a revision of all objects together.
   *
   * @param ids - of these objects alone; all where absent
   */
  listAt(collection: string, revision: number, ids?: readonly string[]): Promise<readonly StoredObject[]>
  /** The last revision made until a moment, it included; 0 where there was none. */
  revisionAt(atMs: EpochMs): Promise<number>
  /** Newest first, also of a removed object. */
  history(collection: string, id: string): Promise<readonly ObjectRevision[]>
  /**
   * Calls `listener` with the new revision after each change: own ones at once, those of other processes soon.
   * @returns a function that ends it
   */
  onChange(listener: (revision: number) => void): Promise<() => void>
}
