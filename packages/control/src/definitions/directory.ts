// All definitions, live: the objects of file and database, compiled again whenever one changes. A change by this
// process is active before its promise resolves; changes by other processes follow when the store reports them.
import { type Clock, mapInTurns, type Sealing, type SecretHasher } from '@crosswalk/as-core'
import type { AppDefinition } from '@crosswalk/protocol'
import type {
  Basis,
  ObjectChange,
  ObjectOutcome,
  ObjectPut,
  ObjectStep,
  ObjectStore,
  StoredChange,
} from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import { StartError } from '../config-file/start-error.ts'
import { locateClash } from './check-database.ts'
import { findClashes } from './check-world.ts'
import { type CompiledWorld, compileWorld } from './compile-world.ts'
import { buildFileItems } from './file-world.ts'
import { requireReadable } from './find-unreadable.ts'
import { findBasis, judgeAndWrite, recordWrite, StaleRevision } from './judged-changes.ts'
import { type NextDefinitions, previewWorld } from './preview-world.ts'
import { CACHED_COLLECTIONS, definitionsOf } from './records.ts'
import { ACTS, applyToActs, readActs } from './stored-acts.ts'
import {
  applyToItems,
  iterateObjects,
  mergeItems,
  parseStoredDefinition,
  type ReadObjects,
  readStoredItems,
} from './stored-items.ts'
import { addUserKeys, createStoredUsers } from './users/stored-users.ts'
import { layerItems } from './users/user-items.ts'
import { keysOfUser } from './users/user-keys.ts'
import { warmSchemas } from './warm-schemas.ts'
import { buildSettings } from './world-settings.ts'

export interface DirectoryParts {
  readonly configuration: Configuration
  readonly objects: ObjectStore
  readonly hasher: SecretHasher
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** Built-in apps without a definition */
  readonly ownApps?: readonly AppDefinition[]
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

/**
 * @param changedUsers - ids of users who changed or were removed
 * @param before - the revision that was active before the change
 */
export type ChangeListener = (changedUsers: ReadonlySet<string>, before: number) => Promise<void>

export interface Directory {
  /** From memory, except for users */
  current(): CompiledWorld
  /** The world with other objects or access grants, and everything else as it is; activates nothing */
  preview(next: NextDefinitions): Promise<CompiledWorld>
  /**
   * Runs a use case that validates against definitions and then writes: they are still the same at its first write,
   * whatever other nodes do. See `judged-changes.ts`.
   */
  judgeAndWrite<T>(useCase: () => Promise<T>): Promise<T>
  /** As in the store; the compiled change is active once this resolves with `ok`. */
  put(change: ObjectPut): Promise<ObjectOutcome>
  remove(change: ObjectChange): Promise<ObjectOutcome>
  /** All or none */
  changeAll(steps: readonly ObjectStep[]): Promise<ObjectOutcome>
  /** Resolves once this process has at least this revision, which must be stored already. */
  reach(revision: number): Promise<void>
  /** Resolves once this process has all stored changes. */
  catchUp(): Promise<void>
  /**
   * Called and awaited before a revision by another process is activated, so that other state of the revision can be
   * loaded.
   */
  beforeChange(listener: () => Promise<void>): void
  /** Called after every activated change, and awaited before `put` and `remove` resolve. */
  onChange(listener: ChangeListener): void
  close(): void
}

const RETRY_MS = 1_000

/** @throws StartError if file and database define the same object, or an object of the database cannot be read */
export async function createDirectory(parts: DirectoryParts): Promise<Directory> {
  const { configuration, objects, clock } = parts
  const settings = buildSettings(parts)
  const { users: fileUsers, ...file } = buildFileItems(configuration, parts.hasher)
  const storedUsers = createStoredUsers(objects)
  const users = layerItems(fileUsers, storedUsers)
  const listeners: ChangeListener[] = []
  const preparing: (() => Promise<void>)[] = []

  // Read the revision first: a change during loading is then read again rather than missed.
  let revision = await objects.revision()
  const read: ReadObjects = (collection) => iterateObjects(objects, collection)
  let [stored, acts] = await requireReadable(
    objects,
    [...CACHED_COLLECTIONS, ...Object.values(ACTS)],
    async () => [await readStoredItems(read), await readActs(read, clock.nowMs())],
  )
  await addUserKeys(objects)
  let compiled = await compileWorld({ revision, ...mergeItems(file, stored), ...acts }, users, settings)
  const clashes = await findClashes({ ...file, users: fileUsers }, stored, { ...configuration, storedUsers })
  if (clashes[0] !== undefined)
    throw new StartError(clashes.map(({ what }) => what).join('; '), clashes[0].fix, {
      problems: clashes.map((clash) => locateClash(clash, configuration)),
    })
  let loading: Promise<void> | undefined

  /** @returns the arguments for the listeners */
  async function install(
    changes: readonly StoredChange[],
    at: number,
    items = applyToItems(stored, changes),
  ): Promise<Parameters<ChangeListener>> {
    const before = revision
    const nextActs = applyToActs(acts, changes, clock.nowMs())
    const changedUsers = new Set(
      changes.flatMap(({ collection, id }) => (collection === 'users' ? [id] : [])),
    )
    storedUsers.forget([...changedUsers])
    const merged = mergeItems(file, items, { database: stored, merged: compiled.world })
    const next = { revision: at, ...merged, ...nextActs }
    compiled = await compileWorld(next, users, settings, { compiled, changedUsers })
    ;[stored, acts, revision] = [items, nextActs, at]
    return [changedUsers, before]
  }

  async function notifyListeners(change: Parameters<ChangeListener>): Promise<void> {
    await Promise.all(listeners.map((listener) => listener(...change)))
  }

  async function load(): Promise<void> {
    const at = await objects.revision()
    const [changes] = await Promise.all([
      objects.changesBetween(revision, at),
      ...preparing.map((listener) => listener()),
    ])
    const ofUsers = changes.filter(({ collection }) => collection === 'users')
    if (ofUsers.length > 0)
      await addUserKeys(
        objects,
        ofUsers.map(({ id }) => id),
      )
    const items = applyToItems(stored, changes)
    await warmSchemas([
      ...definitionsOf(items['resource-apps']),
      ...definitionsOf(items['authorization-servers']),
    ])
    await notifyListeners(await install(changes, at, items))
  }

  /** Loads until at least `revision` is active; concurrent callers share one load. */
  async function reach(target: number): Promise<void> {
    while (compiled.world.revision < target) {
      loading ??= load().finally(() => {
        loading = undefined
      })
      await loading
    }
  }

  let own = 0
  let heard = 0
  let retry: NodeJS.Timeout | undefined

  /** Retries after a failed load, because the store reports each change only once. */
  function follow(): void {
    reach(heard).catch((fault: unknown) => {
      parts.onFault(fault, 'directory')
      clearTimeout(retry)
      retry = setTimeout(follow, RETRY_MS).unref()
    })
  }

  const stop = await objects.onChange((revision) => {
    heard = Math.max(heard, revision)
    // Own changes apply themselves, because they know what they changed.
    if (own === 0) follow()
  })

  const changing = new Set<Promise<unknown>>()

  function change(...[steps, make]: Parameters<typeof makeChange>): Promise<ObjectOutcome> {
    const made = makeChange(steps, make)
    changing.add(made)
    const end = () => void changing.delete(made)
    made.then(end, end)
    return made
  }

  async function makeChange(
    steps: readonly ObjectStep[],
    make: (basis: Basis | undefined) => Promise<ObjectOutcome>,
  ): Promise<ObjectOutcome> {
    own += 1
    const basis = findBasis(steps)
    let outcome: ObjectOutcome
    try {
      outcome = await make(basis)
      if (outcome.ok) recordWrite()
      const isNext = outcome.ok && outcome.revision === compiled.world.revision + 1
      const [step, ...more] = steps
      // Multiple changes are read back instead.
      if (outcome.ok && isNext && step !== undefined && more.length === 0 && loading === undefined) {
        const installing = install([describeChange(step, outcome.revision)], outcome.revision)
        // Others wait until it is active, but not for the listeners.
        loading = installing.then(noResult).finally(() => {
          loading = undefined
        })
        await loading
        await notifyListeners(await installing)
      }
    } finally {
      own -= 1
      // Also after a failure: changes reported in the meantime are not reported again.
      if (own === 0) follow()
    }
    await reach(outcome.ok ? outcome.revision : outcome.conflict)
    if (!outcome.ok && basis !== undefined) throw new StaleRevision()
    return outcome
  }

  async function catchUp(): Promise<void> {
    await reach(await objects.revision())
  }

  return {
    current: () => compiled,
    preview: (next) => previewWorld(compiled, next, settings),
    judgeAndWrite: (useCase) =>
      judgeAndWrite(async () => {
        await catchUp()
        return compiled.world.revision
      }, useCase),
    put: (request) => change([request], (basis) => objects.put(withKeys(request), basis)),
    remove: (request) => change([request], (basis) => objects.remove(request, basis)),
    changeAll: (steps) =>
      change(steps, async (basis) => objects.changeAll(await mapInTurns(steps, withKeys), basis)),
    async reach(target) {
      // Own changes apply themselves, without a full read.
      if (compiled.world.revision < target) await Promise.allSettled(changing)
      await reach(target)
    },
    catchUp,
    beforeChange: (listener) => preparing.push(listener),
    onChange: (listener) => listeners.push(listener),
    close() {
      clearTimeout(retry)
      stop()
    },
  }
}

/** Adds the keys by which users are found. */
function withKeys<S extends ObjectStep>(step: S): S {
  return step.collection === 'users' && step.body !== undefined
    ? { ...step, keys: keysOfUser(parseStoredDefinition('users', step.id, step.body)) }
    : step
}

function noResult(): void {}

function describeChange(
  { collection, id, by, at, body }: ObjectChange & { readonly body?: unknown },
  revision: number,
): StoredChange {
  return { collection, id, revision, owner: 'database', body, updatedAt: at, updatedBy: by }
}
