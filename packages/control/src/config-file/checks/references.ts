// References must exist: to apps, resource apps, resources, scopes, users and issuers.
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { FileFinding, Path } from '../finding.ts'
import type { Entry, ServerEntry, View } from '../view.ts'
import {
  type FileCheck,
  checkName,
  checkReference,
  describesItself,
  nameOf,
  textOf,
  textsOf,
} from './check.ts'

/** One check for each kind of object that refers to others. */
export const REFERENCE_CHECKS: readonly FileCheck[] = [
  (view) => view.connections.flatMap((connection) => checkConnection(connection, view)),
  (view) =>
    view.apps.flatMap((app) =>
      unknownName(app, 'serviceOf', 'resource app', textsOf(view.resourceApps, 'id')),
    ),
  checkUsers,
  (view) => view.servers.flatMap(checkServer),
]

function checkConnection(connection: Entry<ConnectionDefinition>, view: View): readonly FileFinding[] {
  const target = view.resourceApps.find((app) => textOf(app, 'id') === textOf(connection, 'resourceApp'))
  return [
    ...(describesItself(textOf(connection, 'app'), view.allowedDocuments)
      ? []
      : unknownName(connection, 'app', 'app', textsOf(view.apps, 'id'))),
    ...unknownName(connection, 'resourceApp', 'resource app', textsOf(view.resourceApps, 'id')),
    ...checkTarget(connection, target),
    ...checkActors(connection, view),
    ...checkDelegation(connection),
  ]
}

function unknownName(
  entry: Entry<unknown>,
  key: string,
  kind: string,
  known: ReadonlySet<string>,
): readonly FileFinding[] {
  const name = textOf(entry, key)
  if (name === undefined || entry.broken.has(key)) return []
  return checkReference([...entry.path, key], name, known, kind)
}

function checkActors({ value, path }: Entry<ConnectionDefinition>, view: View): readonly FileFinding[] {
  return unknownItems({
    path: [...path, 'actors'],
    names: value?.actors ?? [],
    known: textsOf(view.apps, 'id'),
    kind: 'requesting app',
  })
}

/** Delegated scopes belong to this connection; the scopes that they map to belong to another resource. */
function checkDelegation({ value, path, broken }: Entry<ConnectionDefinition>): readonly FileFinding[] {
  if (broken.has('scopes')) return []
  const known = new Set(value?.scopes)
  const unknown = Object.keys(value?.delegation?.scopes ?? {}).filter((name) => !known.has(name))
  return unknown.slice(0, MAX_FINDINGS).flatMap((name) =>
    checkName([...path, 'delegation', 'scopes', name], name, known, {
      what: `${name} is not a scope of this connection`,
      otherwise: 'add it to `scopes` or remove it here',
    }),
  )
}

/** The resources and scopes of a connection come from the catalogue of its resource app. */
function checkTarget(
  { value, path, broken }: Entry<ConnectionDefinition>,
  target: Entry<ResourceAppDefinition> | undefined,
): readonly FileFinding[] {
  if (value === undefined || target?.value === undefined || target.broken.has('resources')) return []
  const { resources } = target.value
  const kind = `resource of ${nameOf('resource app', target)}`
  const known = new Set(resources.map(({ id }) => id))
  const unknown = unknownItems({ path: [...path, 'resources'], names: value.resources, known, kind })
  if (unknown.length > 0 || broken.has('resources') || resources.length === 0) return unknown
  const chosen = new Set(value.resources)
  const reached = resources.filter(({ id }) => chosen.size === 0 || chosen.has(id))
  return unknownItems({
    path: [...path, 'scopes'],
    names: value.scopes,
    known: new Set(reached.flatMap(({ scopes }) => scopes)),
    kind: `scope of the resources of this connection`,
  })
}

/** A list can have a hundred thousand mistakes, and no user reads more than these. */
const MAX_FINDINGS = 100

interface Names {
  readonly path: Path
  readonly names: readonly string[]
  readonly known: ReadonlySet<string>
  readonly kind: string
}

function unknownItems({ path, names, known, kind }: Names): readonly FileFinding[] {
  const otherwise = 'add it there or remove it here'
  const unknown = names.flatMap((name, index) => (known.has(name) ? [] : [{ name, index }]))
  return unknown
    .slice(0, MAX_FINDINGS)
    .flatMap(({ name, index }) =>
      checkName([...path, index], name, known, { what: `${name} is not a ${kind}`, otherwise }),
    )
}

/** Users must be defined, but groups exist through their members: an empty group may be for later use. */
function checkUsers(view: View): readonly FileFinding[] {
  const users = textsOf(view.users, 'id')
  const groups = new Set([
    ...view.users.flatMap((user) => user.value?.groups ?? []),
    ...textsOf(view.groups, 'id'),
  ])
  const groupsKnown = view.users.every((user) => user.value !== undefined && !user.broken.has('groups'))
  const assigned = [...view.apps, ...view.resourceApps, ...view.connections].flatMap((entry) => {
    if (entry.value === undefined || entry.broken.has('assignments')) return []
    const path = [...entry.path, 'assignments']
    const { users: named, groups: inGroups } = entry.value.assignments
    const unknown = unknownItems({ path: [...path, 'users'], names: named, known: users, kind: 'user' })
    const empty = unknownItems({
      path: [...path, 'groups'],
      names: groupsKnown ? inGroups : [],
      known: groups,
      kind: 'group of any user',
    })
    return [...unknown, ...empty.map((finding) => ({ ...finding, severity: 'warning' as const }))]
  })
  const owners = view.apps.flatMap(({ path, value }) =>
    unknownItems({ path: [...path, 'owners'], names: value?.owners ?? [], known: users, kind: 'user' }),
  )
  const members = view.groups.flatMap(({ path, value }) =>
    unknownItems({ path: [...path, 'members'], names: value?.members ?? [], known: users, kind: 'user' }),
  )
  return [...assigned, ...owners, ...members]
}

function checkServer(server: ServerEntry): readonly FileFinding[] {
  const issuers = textsOf(server.trustedIssuers, 'issuer')
  const resources = textsOf(server.resources, 'id')
  return server.clients.flatMap(({ path, value }) => [
    ...unknownItems({
      path: [...path, 'issuers'],
      names: value?.issuers ?? [],
      known: issuers,
      kind: 'trusted issuer of this authorization server',
    }),
    ...unknownItems({
      path: [...path, 'introspects'],
      names: value?.introspects ?? [],
      known: resources,
      kind: 'resource of this authorization server',
    }),
  ])
}
