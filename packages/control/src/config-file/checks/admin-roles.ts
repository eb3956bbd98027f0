// Who may sign in to the console: names must exist, and roles for certain apps must list them. Ids of apps and users that
// belong to the server itself are refused.
import { SCOPED_ROLES } from '@crosswalk/admin-api'
import { OWN_ACCESS_CLIENT_ID } from '@crosswalk/idp/definitions'

import { CONSOLE_CLIENT_ID } from '../console-app-id.ts'
import { type FileFinding, type Path, valueAt } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { type FileCheck, checkName, textOf, textsOf } from './check.ts'

const ROLES_PATH = ['admin', 'roles']
/** The server itself is these apps: a registered one would never be found. */
const RESERVED = new Map([
  [CONSOLE_CLIENT_ID, 'the console'],
  [OWN_ACCESS_CLIENT_ID, "the pages of users' own access"],
])

export const checkAdminRoles: FileCheck = (view) => {
  const reserved = checkReservedIds(view)
  const roles = valueAt(view.raw, ROLES_PATH)
  if (typeof roles !== 'object' || roles === null) return [...reserved, ...checkSecondFactor(view)]
  const withoutIdp = valueAt(view.raw, ['idp']) === undefined ? [describeMissingIdp()] : []
  const perRole = Object.keys(roles).flatMap((role) => checkRole(role, view))
  return [...reserved, ...withoutIdp, ...perRole]
}

function checkReservedIds({ apps, users }: View): readonly FileFinding[] {
  return [
    ...apps.flatMap((app) => refuseReserved(app, 'app', (id) => RESERVED.get(id))),
    ...users.flatMap((user) => refuseReserved(user, 'user', findAuthor)),
  ]
}

function refuseReserved(
  entry: Entry<unknown>,
  kind: string,
  findHolder: (id: string) => string | undefined,
): readonly FileFinding[] {
  const id = textOf(entry, 'id') ?? ''
  const holder = findHolder(id)
  if (holder === undefined) return []
  const what = `the id ${id} is reserved for ${holder}`
  return [{ path: [...entry.path, 'id'], what, fix: `give the ${kind} another id` }]
}

/** Records name authors by id only, so a user with such an id would pass for one of them. */
const AUTHORS: readonly (readonly [RegExp, string])[] = [
  [/^admin$/, 'the token of `admin.token`'],
  [/^(system|housekeeping)$/, 'the server itself'],
  [/^tok_/, 'tokens of the admin API'],
  [/^(scim|ldap|upstream):/, 'directories and identity providers'],
]

function findAuthor(id: string): string | undefined {
  return AUTHORS.find(([pattern]) => pattern.test(id))?.[1]
}

const SECOND_FACTOR_PATH = ['admin', 'secondFactor']

/** Without roles the token signs in, which has no second factor. */
function checkSecondFactor({ raw }: View): readonly FileFinding[] {
  if (valueAt(raw, SECOND_FACTOR_PATH) !== true) return []
  return [
    {
      path: SECOND_FACTOR_PATH,
      what: 'it has no effect without `roles`: the token of `admin.token` signs in to the console',
      fix: 'add `roles`, or remove `secondFactor`',
    },
  ]
}

function describeMissingIdp(): FileFinding {
  return {
    path: ROLES_PATH,
    at: 'key',
    what: 'no user can sign in for a role: this file has no `idp`',
    fix: 'remove `roles`; the token of `admin.token` signs in to the console',
  }
}

function checkRole(role: string, view: View): readonly FileFinding[] {
  const path = [...ROLES_PATH, role]
  const apps = listAt(view, [...path, 'apps'])
  return [
    ...unknownNames([...path, 'users'], view, textsOf(view.users, 'id'), 'user'),
    ...unknownNames([...path, 'apps'], view, textsOf(view.apps, 'id'), 'app'),
    ...checkScope(role, path, apps),
  ]
}

function checkScope(role: string, path: Path, apps: readonly unknown[] | undefined): readonly FileFinding[] {
  const scoped = SCOPED_ROLES.some((one) => one === role)
  if (apps !== undefined && !scoped)
    return [{ path: [...path, 'apps'], at: 'key', what: `${role} covers every app`, fix: 'remove `apps`' }]
  if (apps === undefined && (role === 'app-owner' || role === 'developer'))
    return [{ path, at: 'key', what: `${role} needs apps, but none are listed`, fix: 'add `apps`' }]
  return []
}

/** Only the file is checked here, so users of the console or of a directory are named by a group. */
const OTHERWISE = {
  user: (id: string) => `define user ${id} here, or list a group of theirs under \`groups\``,
  app: (id: string) => `define app ${id} here`,
}

function unknownNames(
  path: Path,
  view: View,
  known: ReadonlySet<string>,
  kind: keyof typeof OTHERWISE,
): readonly FileFinding[] {
  return (listAt(view, path) ?? []).flatMap((name, index) => {
    if (typeof name !== 'string') return []
    const unknown = { what: `${name}: no such ${kind} in this file`, otherwise: OTHERWISE[kind](name) }
    return checkName([...path, index], name, known, unknown)
  })
}

function listAt({ raw }: View, path: Path): readonly unknown[] | undefined {
  const value = valueAt(raw, path)
  return Array.isArray(value) ? value : undefined
}
