// Everything that is defined, live: the file's objects and the database's, compiled again whenever one changes.
// An own change is in force before its promise resolves; those of other processes are when the store tells.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { compileDetailsSchema, type Sealing, type SecretHasher } from '@crosswalk/as-core'
import { createPairwise, type EventStream, indexSubjectIssuers, listSamlTrust } from '@crosswalk/idp'
import type { Block, OpenRequest, Origin } from '@crosswalk/policy'
import { ACR, type AppDefinition } from '@crosswalk/protocol'
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
import { type CompiledWorld, compileWorld, definitionsOf, type WorldSettings } from './compile-world.ts'
import { buildFileItems } from './file-world.ts'
import type { AccessGrantRecord, ApprovalRecord, Hold, Items, TokenRecord, World } from './records.ts'
import { applyToItems, type ListObjects, readStoredItems } from './stored-items.ts'
import { warmSchemas } from './warm-schemas.ts'

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

/** Collections beside those of definitions, kept as they were stored. */
export const ACTS = {
  holds: 'holds',
  blocks: 'blocks',
  tokens: 'tokens',
  streams: 'event-streams',
  requests: 'access-requests',
  approvals: 'scope-approvals',
  accessGrants: 'access-grants',
} as const

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
  const list: ListObjects = (collection) => objects.list(collection)
  let [stored, acts] = await Promise.all([readStoredItems(list), readActs(list)])
  const clashes = findClashes(file, stored, configuration)
  if (clashes[0] !== undefined)
    throw new StartError(clashes.map(({ what }) => what).join('; '), clashes[0].fix, {
      problems: clashes.map((clash) => locate(clash, configuration)),
    })
  let compiled = compileWorld({ revision, ...mergeItems(file, stored), ...acts }, settings)
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
    }
    await reach(Math.max(outcome.ok ? outcome.revision : outcome.conflict, own === 0 ? heard : 0))
    return outcome
  }

  return {
    current: () => compiled,
    async at(atMs) {
      const past = await objects.revisionAt(atMs)
      const listThen: ListObjects = (collection) => objects.listAt(collection, past)
      const [items, held] = await Promise.all([readStoredItems(listThen, stored), readActs(listThen)])
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

export function buildSettings({
  configuration,
  sealing,
  ownApps = [],
}: Omit<DirectoryParts, 'objects' | 'hasher' | 'onFault'>): WorldSettings {
  const { idp, baseUrl, clockSkewSeconds } = configuration
  return {
    clockSkewSeconds,
    ownApps,
    scopeApprovals: idp?.scopeApprovals ?? [],
    pairwise: createPairwise(sealing),
    exchange: idp && {
      issuer: idp.issuer,
      saml: listSamlTrust(idp.saml, baseUrl),
      subjectIssuers: indexSubjectIssuers(idp.subjectIssuers),
      idJagTtlSeconds: idp.idJagTtlSeconds,
      actorProfile: idp.actorProfile,
      nameAgents: idp.nameAgents,
      clockSkewSeconds,
      acrValues: Object.values(ACR),
      origins: listOrigins(configuration),
      compileDetailsSchema,
    },
  }
}

/** Where the file defines what it owns: by `COLLECTION/ID`, as its lines are known. */
function listOrigins({ origin }: Configuration): ReadonlyMap<string, Origin> {
  const { file, lines } = origin ?? { file: 'the configuration file', lines: {} }
  return new Map(Object.entries(lines).map(([object, line]) => [object, { file, line }]))
}

/** @param before - merged from the same file: what the database has the same as then stays the same map */
export function mergeItems(
  file: Items,
  database: Items,
  before?: { readonly database: Items; readonly merged: Items },
): Items {
  return Object.fromEntries(
    COLLECTION_NAMES.map((collection) => [
      collection,
      before !== undefined && before.database[collection] === database[collection]
        ? before.merged[collection]
        : new Map<string, unknown>([...file[collection], ...database[collection]]),
    ]),
  ) as unknown as Items
}

function describeChange(
  { collection, id, by, at, body }: ObjectChange & { readonly body?: unknown },
  revision: number,
): StoredChange {
  return { collection, id, revision, owner: 'database', body, updatedAt: at, updatedBy: by }
}

type Acts = Pick<
  World,
  'holds' | 'blocks' | 'tokens' | 'streams' | 'openRequests' | 'approvals' | 'accessGrants'
>

/** @returns the acts after some changes, in their order; the same maps where none is about them */
function applyToActs(acts: Acts, changes: readonly StoredChange[]): Acts {
  const apply = <T>(name: string, before: ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const own = changes.filter(({ collection }) => collection === name)
    if (own.length === 0) return before
    const next = new Map(before)
    for (const { id, body } of own) {
      next.delete(id)
      if (body !== undefined) next.set(id, body as T)
    }
    return next
  }
  const requests = apply(ACTS.requests, acts.openRequests)
  const grants = apply(ACTS.accessGrants, acts.accessGrants)
  return {
    holds: apply(ACTS.holds, acts.holds),
    blocks: apply(ACTS.blocks, acts.blocks),
    tokens: apply(ACTS.tokens, acts.tokens),
    streams: apply(ACTS.streams, acts.streams),
    openRequests: requests === acts.openRequests ? requests : keepOpen(requests),
    approvals: apply(ACTS.approvals, acts.approvals),
    accessGrants: grants === acts.accessGrants ? grants : dropEnded(grants),
  }
}

/** Requests are kept for good; most were answered long ago. */
function keepOpen(requests: ReadonlyMap<string, OpenRequest>): ReadonlyMap<string, OpenRequest> {
  const isOpen = (request: OpenRequest & { readonly state?: string }) => request.state === 'open'
  return new Map([...requests].filter(([, request]) => isOpen(request)))
}

/** Grants are kept for good as well. */
function dropEnded(grants: ReadonlyMap<string, AccessGrantRecord>): ReadonlyMap<string, AccessGrantRecord> {
  return new Map([...grants].filter(([, { state }]) => state !== 'ended'))
}

export async function readActs(list: ListObjects): Promise<Acts> {
  const read = async <T>(collection: string) =>
    new Map((await list(collection)).map(({ id, body }) => [id, body as T]))
  const [holds, blocks, tokens, streams, requests, approvals, grants] = await Promise.all([
    read<Hold>(ACTS.holds),
    read<Block>(ACTS.blocks),
    read<TokenRecord>(ACTS.tokens),
    read<EventStream>(ACTS.streams),
    read<OpenRequest>(ACTS.requests),
    read<ApprovalRecord>(ACTS.approvals),
    read<AccessGrantRecord>(ACTS.accessGrants),
  ])
  return {
    ...{ holds, blocks, tokens, streams, approvals },
    openRequests: keepOpen(requests),
    accessGrants: dropEnded(grants),
  }
}
