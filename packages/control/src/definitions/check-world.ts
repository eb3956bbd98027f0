// Whether objects are consistent: runs the checks of the configuration file on all current definitions.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Collection } from '@crosswalk/admin-api'

import { CHECKS } from '../config-file/checks/all.ts'
import { checkPairs } from '../config-file/checks/connections.ts'
import { DUPLICATE_CHECKS } from '../config-file/checks/duplicates.ts'
import type { Configuration } from '../config-file/configuration.ts'
import type { FileFinding, Path } from '../config-file/finding.ts'
import type { Entry, ServerEntry, View } from '../config-file/view.ts'
import type { CompiledWorld } from './compile-world.ts'
import { type Candidate, findUsersByNames, findRelated, omitKnownMembers } from './find-related.ts'
import type { NextDefinitions } from './preview-world.ts'
import { type DefinitionOf, definitionsOf, type CachedItems, type Item, type Items } from './records.ts'
import { patchMap } from './shared-map.ts'
import type { UserItem, UserItems } from './users/user-items.ts'

type Settings = Pick<Configuration, 'baseUrl' | 'idp'>

/** Ids and names that must be unique across the file and the database. */
export async function findClashes(
  file: Items,
  database: CachedItems,
  { storedUsers, ...settings }: Settings & { readonly storedUsers: UserItems },
): Promise<readonly FileFinding[]> {
  const sameUsers = await storedUsers.filterIds([...file.users.keys()])
  const isStored = (collection: Collection, id: string) =>
    collection === 'users' ? sameUsers.includes(id) : database[collection].has(id)
  const sameId = (Object.keys(file) as Collection[]).flatMap((collection) =>
    [...file[collection].keys()]
      .filter((id) => isStored(collection, id))
      .map((id) => ({
        path: [collection, id],
        what: `${collection}/${id} is both in the configuration file and in the database`,
        fix: 'rename the object in the file, or delete the one in the database before adding it to the file',
      })),
  )
  if (sameId.length > 0) return sameId
  const names = definitionsOf(file.users).flatMap(({ username, email = username }) => [username, email])
  const users = await findUsersByNames(storedUsers, names)
  const describePlace = ([collection, id]: Path) => {
    const isThere =
      collection === 'users' ? users.has(String(id)) : isStored(collection as Collection, String(id))
    return `by ${String(collection)}/${String(id)}${isThere ? ' in the database' : ''}`
  }
  // The later of two clashing objects is reported: the one in the file, which has a line and can be corrected.
  const view = { ...buildWorldView([{ ...database, users }, file], settings), describePlace }
  return [...DUPLICATE_CHECKS, checkPairs].flatMap((check) => check(view))
}

export interface CandidateFindings {
  /** Findings about the object itself; paths start at its members */
  readonly own: readonly FileFinding[]
  /** Whether the object is valid by itself, but another one has its name */
  readonly isTaken: boolean
  /** Findings about other objects that were valid before; paths start with collection and id */
  readonly others: readonly FileFinding[]
}

/** Checks a change against all current objects that it can clash with. */
export async function checkCandidate(
  compiled: Pick<CompiledWorld, 'world' | 'users'>,
  candidate: Candidate,
  settings: Settings,
): Promise<CandidateFindings> {
  const check = async (draft: Candidate) => checkAmong(await findRelated(compiled, draft), draft, settings)
  const shorter = omitKnownMembers(compiled.world, candidate)
  const found = await check(shorter)
  // Paths of findings count all members.
  return shorter === candidate || found.own.length === 0 ? found : check(candidate)
}

/**
 * Checks a removal like a change, so that whatever the checks of the file demand of another object counts as a reference
 * to this one.
 *
 * @returns the objects that would no longer be valid, as `COLLECTION/ID`
 */
export async function findBrokenBy(
  compiled: Pick<CompiledWorld, 'world' | 'users'>,
  candidate: Candidate,
  settings: Settings,
): Promise<readonly string[]> {
  const items = await findRelated(compiled, candidate)
  const { collection, definition } = candidate
  const next = {
    ...items,
    [collection]: patchMap<Item<unknown>>(items[collection], [[definition.id, undefined]]),
  }
  const broken = await checkNext(items, next as Items, settings)
  return broken.map(({ path: [name, id] }) => `${String(name)}/${String(id)}`)
}

/** Checks a change against the given objects, and lets other requests run between the checks. */
export async function checkAmong(
  items: Items,
  { collection, definition }: Candidate,
  settings: Settings,
): Promise<CandidateFindings> {
  const { id } = definition
  const next = { ...items, [collection]: putLast(items[collection], { collection, definition }) } as Items
  const errors = await findErrors(next, settings)
  const isInside = (path: Path | undefined) => path?.[0] === collection && path[1] === id
  const own = errors.filter(({ path }) => isInside(path))
  const others = errors.filter(({ path }) => !isInside(path))
  const known = new Set(others.length === 0 ? [] : (await findErrors(items, settings)).map(nameFinding))
  return {
    own: own.map((finding) => ({ ...finding, path: finding.path.slice(2) })),
    isTaken: own.every(({ clashesWith }) => clashesWith !== undefined && !isInside(clashesWith)),
    others: others.filter((finding) => !known.has(nameFinding(finding))),
  }
}

/** The last of two clashing objects is reported. */
function putLast(
  items: ReadonlyMap<string, Item<unknown>>,
  { definition }: Candidate,
): ReadonlyMap<string, Item<unknown>> {
  const next = new Map(items)
  next.delete(definition.id)
  return next.set(definition.id, { definition, owner: 'database', revision: 0 })
}

/** @returns the world's changes if a definition is created or changed */
export function withDefinition(world: CachedItems, { collection, definition }: Candidate): NextDefinitions {
  return changeOne(world, collection, [definition.id, { definition, owner: 'database', revision: 0 }])
}

/** @returns the world's changes if a definition is removed */
export function withoutDefinition(world: CachedItems, collection: Collection, id: string): NextDefinitions {
  return changeOne(world, collection, [id, undefined])
}

function changeOne(
  world: CachedItems,
  collection: Collection,
  change: readonly [string, Item<unknown> | undefined],
): NextDefinitions {
  return collection === 'users'
    ? { changedUsers: new Map([change as [string, UserItem | undefined]]) }
    : { [collection]: patchMap<Item<unknown>>(world[collection], [change]) }
}

/**
 * Checks the complete result of a change, and lets other requests run between the checks.
 *
 * @returns only findings that are new; paths start with collection and id
 */
export async function checkNext(
  items: Items,
  next: Items,
  settings: Settings,
): Promise<readonly FileFinding[]> {
  const errors = await findErrors(next, settings)
  if (errors.length === 0) return []
  const known = new Set((await findErrors(items, settings)).map(nameFinding))
  return errors.filter((finding) => !known.has(nameFinding(finding)))
}

async function findErrors(items: Items, settings: Settings): Promise<readonly FileFinding[]> {
  const view = buildWorldView([items], settings)
  const errors: FileFinding[] = []
  for (const check of CHECKS) {
    await nextTurn()
    errors.push(...check(view).filter(isError))
  }
  return errors
}

function isError({ severity }: FileFinding): boolean {
  return severity !== 'warning'
}

function nameFinding({ path, what }: FileFinding): string {
  return JSON.stringify([path, what])
}

/** Paths start with collection and id, so that the origin can be looked up. */
function buildWorldView(worlds: readonly Items[], { baseUrl, idp }: Settings): View {
  const collect = <C extends Collection>(collection: C): Entry<DefinitionOf<C>>[] =>
    worlds.flatMap((items) =>
      [...items[collection].values()].map(({ definition }) =>
        toEntry([collection, definition.id], definition as DefinitionOf<C>),
      ),
    )
  return {
    raw: { baseUrl },
    baseUrl,
    idpIssuer: idp?.issuer,
    allowedDocuments: idp?.clientMetadata?.allow ?? [],
    // Passwords set here are not in the definition; none of these checks depends on them.
    users: collect('users'),
    groups: collect('groups'),
    apps: collect('apps'),
    resourceApps: collect('resource-apps'),
    connections: collect('connections'),
    policies: collect('policies'),
    approvalRules: collect('approval-rules'),
    reviewSchedules: collect('review-schedules'),
    policyTests: collect('policy-suites'),
    samlIssuers: (idp?.saml?.issuers ?? []).map((issuer, index) =>
      toEntry(['idp', 'saml', 'issuers', index], issuer),
    ),
    subjectIssuers: (idp?.subjectIssuers ?? []).map((issuer, index) =>
      toEntry(['idp', 'subjectIssuers', index], issuer),
    ),
    // Only approvals from the file are definitions; those made here were checked when they were made.
    scopeApprovals: [],
    auditStreams: [],
    upstreams: [],
    directories: [],
    servers: collect('authorization-servers').map(toServerEntry),
    describePlace: ([collection, id]) => `by ${String(collection)}/${String(id)}`,
  }
}

function toServerEntry(entry: Entry<DefinitionOf<'authorization-servers'>>): ServerEntry {
  const { path, value } = entry
  const inside = <T extends object>(key: string, list: readonly T[]): Entry<T>[] =>
    list.map((member, index) => toEntry([...path, key, index], member))
  return {
    ...entry,
    clients: inside('clients', value?.clients ?? []),
    trustedIssuers: inside('trustedIssuers', value?.trustedIssuers ?? []),
    resources: inside('resources', value?.resources ?? []),
    issuer: value?.issuer,
  }
}

function toEntry<T extends object>(path: readonly (string | number)[], value: T): Entry<T> {
  return { path, raw: value as Readonly<Record<string, unknown>>, value, broken: NOTHING }
}

const NOTHING: ReadonlySet<string> = new Set()
