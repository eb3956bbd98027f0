// Everything that is defined, live: the file's objects and the database's, compiled again whenever one changes.
// An own change is in force before its promise resolves; those of other processes are when the store tells.
import type { Sealing, SecretHasher } from '@crosswalk/as-core'
import type { AppDefinition } from '@crosswalk/protocol'
import type {
  ObjectChange,
  ObjectOutcome,
  ObjectPut,
  ObjectStep,
  ObjectStore,
  StoredChange,
} from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { Finding, Problem } from '../config-file/finding.ts'
import { StartError } from '../config-file/start-error.ts'
import { findClashes } from './check-world.ts'
import { type CompiledWorld, compileWorld } from './compile-world.ts'
import { buildFileItems } from './file-world.ts'
import { definitionsOf, type Items, type World } from './records.ts'
import { type Acts, applyToActs, readActs } from './stored-acts.ts'
import { applyToItems, type ListObjects, mergeItems, oneByOne, readStoredItems } from './stored-items.ts'
import { warmSchemas } from './warm-schemas.ts'
import { buildSettings } from './world-settings.ts'

export interface DirectoryParts {
  readonly configuration: Configuration
  readonly objects: ObjectStore
  readonly hasher: SecretHasher
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** Apps that are there without being defined by anyone */
  readonly ownApps?: readonly AppDefinition[]
  onFault(fault: unknown, reference: string): void
}

/** What a change would make of objects and access grants. */
export type Next = Items & Partial<Pick<World, 'accessGrants'>>

export interface Directory {
  /** From memory */
  current(): CompiledWorld
  /** As it would be with other objects or access grants, all else as it is; nothing comes into force */
  preview(next: Next): CompiledWorld
  /**
   * As it was at a moment: definitions and acts of the database by their history, what the file defines as it is now;
   * nothing comes into force
   */
  at(atMs: number): Promise<CompiledWorld>
  /** As in the store; what is compiled from it is in force when the promise resolves with `ok`. */
  put(change: ObjectPut): Promise<ObjectOutcome>
  remove(change: ObjectChange): Promise<ObjectOutcome>
  /** All or none */
  changeAll(steps: readonly ObjectStep[]): Promise<ObjectOutcome>
  /** Resolves once at least this revision, which the store has, is in force in this process. */
  reach(revision: number): Promise<void>
  /** Resolves once everything is in force that the store has now. */
  catchUp(): Promise<void>
  /**
   * Called before a revision comes into force that this process did not make, and waited for: takes over what else the
   * revision covers.
   */
  beforeChange(listener: () => Promise<void>): void
  /** Called after every change that came into force; what it does is waited for before `put` and `remove` resolve. */
  onChange(listener: () => Promise<void>): void
  close(): void
}

const RETRY_MS = 1_000

/** Where in the file a clash is; what is in the database alone has no line of its own. */
function locate({ path: [collection, id], what, fix }: Finding, { origin }: Configuration): Problem {
  const line = origin?.lines[`${String(collection)}/${String(id)}`] ?? 1
  return { severity: 'error', file: origin?.file ?? 'the configuration', line, what, fix }
}

/** @throws StartError where file and database define the same thing */
export async function createDirectory(parts: DirectoryParts): Promise<Directory> {
  const { configuration, objects } = parts
  const settings = buildSettings(parts)
  const file = buildFileItems(configuration, parts.hasher)
  const listeners: (() => Promise<void>)[] = []
  const preparing: (() => Promise<void>)[] = []

  // The revision first, so that a change while reading is read again, and never missed.
  let revision = await objects.revision()
  let stored = await readStoredItems((collection) => objects.each(collection))
  let acts = await readActs((collection) => objects.list(collection))
  let compiled = compileWorld({ revision, ...mergeItems(file, stored), ...acts }, settings)
  const clashes = findClashes(file, stored, { ...configuration, names: compiled.names })
  if (clashes[0] !== undefined)
    throw new StartError(clashes.map(({ what }) => what).join('; '), clashes[0].fix, {
      problems: clashes.map((clash) => locate(clash, configuration)),
    })
  let loading: Promise<void> | undefined

  async function install(items: Items, at: number, nextActs: Acts): Promise<void> {
    const merged = mergeItems(file, items, { database: stored, merged: compiled.world })
    ;[stored, acts, revision] = [items, nextActs, at]
    compiled = compileWorld({ revision, ...merged, ...acts }, settings, compiled)
    await Promise.all(listeners.map((listener) => listener()))
  }

  async function load(): Promise<void> {
    const at = await objects.revision()
    const [changes] = await Promise.all([
      objects.changesBetween(revision, at),
      ...preparing.map((listener) => listener()),
    ])
    const items = applyToItems(stored, changes)
    await warmSchemas([
      ...definitionsOf(items['resource-apps']),
      ...definitionsOf(items['authorization-servers']),
    ])
    await install(items, at, applyToActs(acts, changes))
  }

  /** Reads until at least `revision` is in force; one reading serves everybody who waits for it. */
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

  /** What could not be read is read again: no one says a second time that it changed. */
  function follow(): void {
    reach(heard).catch((fault: unknown) => {
      parts.onFault(fault, 'directory')
      clearTimeout(retry)
      retry = setTimeout(follow, RETRY_MS).unref()
    })
  }

  const stop = await objects.onChange((revision) => {
    heard = Math.max(heard, revision)
    // Own changes look after themselves, since they know what they changed.
    if (own === 0) follow()
  })

  const changing = new Set<Promise<unknown>>()

  function change(...[request, make]: Parameters<typeof makeChange>): Promise<ObjectOutcome> {
    const made = makeChange(request, make)
    changing.add(made)
    const end = () => void changing.delete(made)
    made.then(end, end)
    return made
  }

  /** @param request - the one change it is; undefined: several, which are read back */
  async function makeChange(
    request: (ObjectChange & { readonly body?: unknown }) | undefined,
    make: () => Promise<ObjectOutcome>,
  ): Promise<ObjectOutcome> {
    own += 1
    let outcome: ObjectOutcome
    try {
      outcome = await make()
      const isNext = outcome.ok && outcome.revision === compiled.world.revision + 1
      if (outcome.ok && isNext && request !== undefined && loading === undefined) {
        const changes = [describeChange(request, outcome.revision)]
        await install(applyToItems(stored, changes), outcome.revision, applyToActs(acts, changes))
      }
    } finally {
      own -= 1
      // Also where this one failed: what was heard meanwhile is told no second time.
      if (own === 0) follow()
    }
    await reach(outcome.ok ? outcome.revision : outcome.conflict)
    return outcome
  }

  return {
    current: () => compiled,
    async at(atMs) {
      const past = await objects.revisionAt(atMs)
      const listThen: ListObjects = (collection) => objects.listAt(collection, past)
      const items = await readStoredItems((collection) => oneByOne(listThen(collection)), stored)
      const held = await readActs(listThen)
      return compileWorld({ revision: past, ...mergeItems(file, items), ...held }, settings)
    },
    preview: (next) => compileWorld({ ...compiled.world, ...next }, settings, compiled),
    put: (request) => change(request, () => objects.put(request)),
    remove: (request) => change(request, () => objects.remove(request)),
    changeAll: (steps) => change(undefined, () => objects.changeAll(steps)),
    async reach(target) {
      // An own change brings itself into force, without reading everything.
      if (compiled.world.revision < target) await Promise.allSettled(changing)
      await reach(target)
    },
    catchUp: async () => reach(await objects.revision()),
    beforeChange: (listener) => preparing.push(listener),
    onChange: (listener) => listeners.push(listener),
    close() {
      clearTimeout(retry)
      stop()
    },
  }
}

function describeChange(
  { collection, id, by, at, body }: ObjectChange & { readonly body?: unknown },
  revision: number,
): StoredChange {
  return { collection, id, revision, owner: 'database', body, updatedAt: at, updatedBy: by }
}
