// Objects created or changed at run time, with every revision kept. Their content is up to the caller.
import type { LoggedEvent, OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { UpstreamLinks } from '@crosswalk/idp'
import type { EpochMs } from '@crosswalk/protocol'

export interface StoredObject {
  readonly collection: string
  readonly id: string
  /** The global revision at which this object last changed; only grows. */
  readonly revision: number
  /** Who owns the definition, for example `database` or `file`. */
  readonly owner: string
  /** The stored JSON value. */
  readonly body: unknown
  readonly updatedAt: EpochMs
  readonly updatedBy: string
}

export type CheckObject = (object: Pick<StoredObject, 'collection' | 'id' | 'body'>) => void

export interface ObjectRevision {
  readonly revision: number
  /** Undefined if this revision removed the object. */
  readonly body: unknown
  readonly owner: string
  readonly at: EpochMs
  readonly by: string
  readonly reason: string | undefined
}

/** A revision without the stored value. */
export interface RevisionEntry extends Omit<ObjectRevision, 'body' | 'owner'> {
  readonly id: string
  readonly removed: boolean
}

/** The change made by one global revision. */
export interface StoredChange extends Omit<StoredObject, 'body'> {
  /** Undefined if it removed the object. */
  readonly body: unknown
}

export type NewUpstreamLink = Omit<Parameters<UpstreamLinks['add']>[0], 'userId'>

/** Who changes an object, when, and why; a given event becomes durable together with the change. */
export interface ObjectChange {
  readonly collection: string
  readonly id: string
  /** The revision that the caller saw, 0 if the object did not exist; if absent, the change is unconditional. */
  readonly ifRevision?: number
  readonly by: string
  readonly at: EpochMs
  readonly reason?: string
  /** One or more events, in order; a function receives the revision of the change. */
  readonly event?: ObjectEvents | ((revision: number) => ObjectEvents)
  /** Drops the pending security events and the delivery status of this stream in the same transaction */
  readonly droppedStream?: string
  /** Security events that report the change, queued in the same transaction */
  readonly securityEvents?: readonly OutgoingSecurityEvent[]
  /**
   * Links the user with this object id in the same transaction. If the user or the subject is already linked, nothing
   * is changed, which is reported as a conflict
   */
  readonly upstreamLink?: NewUpstreamLink
  /** Replaces the password of the user with this object id in the same transaction; null removes it */
  readonly passwordHash?: string | null | undefined
}

export type ObjectEvents = LoggedEvent | readonly LoggedEvent[]

export interface ObjectPut extends ObjectChange {
  /** The JSON value to store. */
  readonly body: unknown
  /** Default: `database`. */
  readonly owner?: string
  /** The keys for `findByKey`, replacing earlier ones; at most 512 characters each, without NUL */
  readonly keys?: readonly string[]
}

/** Removes the object if there is no body. */
export type ObjectStep = ObjectPut | (ObjectChange & { readonly body?: undefined })

/** The data that a change was based on, in addition to the object. If any of it has changed, nothing is written. */
export interface Basis {
  /** The global revision that the caller saw */
  readonly revision: number
  /**
   * A collection that is too large to compare: a change in it counts only if it removed an object, concerns an object
   * that changes now, or shares one of these keys.
   */
  readonly lookedUp: { readonly collection: string; readonly keys: readonly string[] }
}

export type ObjectOutcome =
  | { readonly ok: true; readonly revision: number }
  /**
   * Changed by another caller: its current revision, 0 if it does not exist. If the basis changed, the global revision.
   */
  | { readonly ok: false; readonly conflict: number }

/**
 * Atomic: object, history, revision counter and event change together or not at all. Durable when resolved. Every
 * process is notified of every change, at least once per burst.
 */
export interface ObjectStore {
  /** The global revision; changes if and only if an object changes. */
  revision(): Promise<number>
  /** Sorted by the code units of ids. */
  list(collection: string): Promise<readonly StoredObject[]>
  /** The first objects of `list` after an id. */
  page(
    collection: string,
    about: { readonly after: string; readonly limit: number },
  ): Promise<readonly StoredObject[]>
  find(collection: string, id: string): Promise<StoredObject | undefined>
  /** The existing ones of these objects, sorted by id. */
  findMany(collection: string, ids: readonly string[]): Promise<readonly StoredObject[]>
  /** @returns the sorted ids of the objects stored with this key; the first `limit` if given */
  findByKey(collection: string, key: string, limit?: number): Promise<readonly string[]>
  /** @returns the number of objects that `findByKey` finds */
  countByKey(collection: string, key: string): Promise<number>
  /** @returns the keys that start with this prefix, sorted, each with the number of objects that it finds */
  countByKeys(collection: string, prefix: string): Promise<ReadonlyMap<string, number>>
  /** @returns the sorted keys that start with this prefix */
  listKeys(collection: string, prefix: string): Promise<readonly string[]>
  /** @returns the ids that exist, sorted */
  filterIds(collection: string, ids: readonly string[]): Promise<readonly string[]>
  /** @returns the ids of objects that were removed and do not exist again, sorted */
  filterRemoved(collection: string, ids: readonly string[]): Promise<readonly string[]>
  count(collection: string): Promise<number>
  /**
   * Adds keys to objects stored without them by a process of an older release, and removes the keys of objects that it
   * changed or removed. Idempotent.
   *
   * @param ids - the objects to check; if absent, the whole collection except removed objects
   */
  addKeys(
    collection: string,
    keysOf: (object: StoredObject) => readonly string[],
    ids?: readonly string[],
  ): Promise<void>
  /** @param basis - if absent, the change does not depend on other objects */
  put(change: ObjectPut, basis?: Basis): Promise<ObjectOutcome>
  /** Removing a missing object is a conflict with revision 0. */
  remove(change: ObjectChange, basis?: Basis): Promise<ObjectOutcome>
  /**
   * Several changes, all or none, in the given order; each gets its own revision, and the outcome has the last one. The
   * first change that conflicts is reported.
   */
  changeAll(steps: readonly ObjectStep[], basis?: Basis): Promise<ObjectOutcome>
  /**
   * All changes after `after` up to and including `until`, in order; both are global revisions.
   *
   * @param of - only those of these objects; the first `limit`
   */
  changesBetween(
    after: number,
    until: number,
    of?: { readonly collection: string; readonly ids: readonly string[]; readonly limit: number },
  ): Promise<readonly StoredChange[]>
  /** Ids of the objects changed or removed after `after` up to and including `until`. */
  changedBetween(collection: string, after: number, until: number): Promise<readonly string[]>
  /** The objects after an id that existed at a global revision, as they were then; ordered as the database orders ids. */
  pageAt(
    collection: string,
    revision: number,
    about: { readonly after: string; readonly limit: number },
  ): Promise<readonly StoredObject[]>
  /** The given objects that existed at a global revision, as they were then; in the same order. */
  findManyAt(collection: string, revision: number, ids: readonly string[]): Promise<readonly StoredObject[]>
  /** The last revision up to and including a given time; 0 if there was none. */
  revisionAt(atMs: EpochMs): Promise<number>
  /** @returns when each of these objects was created, or created again after it was removed; only of existing ones */
  createdAt(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, EpochMs>>
  /** The revisions of these objects after a given one, without what they stored; newest first. */
  listRevisions(collection: string, ids: readonly string[], after: number): Promise<readonly RevisionEntry[]>
  /** Newest first; works for removed objects as well. */
  history(collection: string, id: string): Promise<readonly ObjectRevision[]>
  /**
   * Calls `listener` with the new revision after each change: immediately for this process, soon for others.
   * @returns a function that unsubscribes
   */
  onChange(listener: (revision: number) => void): Promise<() => void>
}
