// Names that must be unique, and pairs that must be unique together.
import { findRepeats, foldName, nameTrustedIssuer } from '@crosswalk/protocol'

import type { FileFinding, Path } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { nameOf, textOf, type FileCheck } from './check.ts'

interface Named {
  readonly name: string
  readonly path: Path
}

/** A set of names that must not repeat. */
interface Uniqueness {
  readonly what: string
  readonly fix: string
  names(view: View): readonly (readonly Named[])[]
}

const UNIQUE: readonly Uniqueness[] = [
  ...(
    [
      'users',
      'groups',
      'apps',
      'resourceApps',
      'connections',
      'policies',
      'approvalRules',
      'reviewSchedules',
      'policyTests',
    ] as const
  ).map((collection) => oneList(`the id in idp.${collection}`, (view) => view[collection])),
  oneList('the id in authorizationServers', (view) => view.servers),
  oneList('the id in idp.upstream', (view) => view.upstreams),
  oneList('the id in idp.directories', (view) => view.directories),
  oneList('the id in audit.streams', (view) => view.auditStreams),
  // Users sign in with either, in any case.
  {
    what: 'the username',
    fix: 'give every user a separate username; case makes no difference',
    names: (view) => [foldNames(namesOf(view.users, 'username'))],
  },
  {
    what: 'the e-mail address',
    fix: 'give every user a separate e-mail address, because users sign in with it',
    names: (view) => [foldNames(namesOf(view.users, 'email'))],
  },
  {
    what: 'the domain in idp.upstream',
    fix: 'list every domain at one identity provider',
    names: (view) => [view.upstreams.flatMap(domainsOf)],
  },
  {
    what: 'the client id',
    fix: 'give every client of one authorization server a separate id',
    names: (view) => view.servers.map((server) => namesOf(server.clients, 'id')),
  },
  {
    what: 'the resource',
    fix: 'list every resource once, with all its scopes',
    names: (view) => [
      ...view.servers.map((server) => namesOf(server.resources, 'id')),
      ...view.resourceApps.map(resourcesOf),
    ],
  },
  {
    what: 'the trusted issuer',
    fix: 'list every issuer once, or once for each tenant',
    names: (view) => view.servers.map((server) => server.trustedIssuers.flatMap(nameIssuer)),
  },
  {
    what: 'the SAML issuer',
    fix: 'list it once, with all its certificates',
    names: (view) => [namesOf(view.samlIssuers, 'entityId')],
  },
  {
    what: 'the subject issuer',
    fix: 'list it once, with all its audiences',
    names: (view) => [namesOf(view.subjectIssuers, 'issuer')],
  },
  {
    what: 'the issuer of authorizationServers',
    fix: 'give every authorization server a separate issuer',
    names: (view) => [
      view.servers.flatMap(({ issuer, path, raw }) =>
        issuer === undefined ? [] : [{ name: issuer, path: 'issuer' in raw ? [...path, 'issuer'] : path }],
      ),
    ],
  },
]

/** One check for each kind of name, because each goes through all objects of a kind. */
export const DUPLICATE_CHECKS: readonly FileCheck[] = [
  ...UNIQUE.map(
    (uniqueness): FileCheck =>
      (view) =>
        uniqueness.names(view).flatMap((names) => describeRepeats(names, uniqueness, view)),
  ),
  checkSharedResources,
  checkLoginNames,
]

function oneList(what: string, entries: (view: View) => readonly Entry<unknown>[]): Uniqueness {
  return { what, fix: 'rename one of the two', names: (view) => [namesOf(entries(view), 'id')] }
}

function domainsOf({ raw, path }: Entry<unknown>): readonly Named[] {
  const { domains } = raw as { readonly domains?: unknown }
  return Array.isArray(domains)
    ? domains.map((domain, index) => ({ name: String(domain), path: [...path, 'domains', index] }))
    : []
}

function namesOf(entries: readonly Entry<unknown>[], key: string): readonly Named[] {
  return entries.flatMap((entry) => {
    const name = textOf(entry, key)
    return name === undefined ? [] : [{ name, path: [...entry.path, key] }]
  })
}

function nameIssuer(entry: Entry<unknown>): readonly Named[] {
  const issuer = textOf(entry, 'issuer')
  const tenant = textOf(entry, 'tenant')
  return issuer === undefined
    ? []
    : [{ name: nameTrustedIssuer({ issuer, tenant }), path: [...entry.path, 'issuer'] }]
}

function resourcesOf(app: View['resourceApps'][number]): readonly Named[] {
  if (app.broken.has('resources')) return []
  return (app.value?.resources ?? []).map(({ id }, index) => ({
    name: id,
    path: [...app.path, 'resources', index, 'id'],
  }))
}

function foldNames(names: readonly Named[]): readonly Named[] {
  return names.map(({ name, path }) => ({ name: foldName(name), path }))
}

function describeRepeats(
  names: readonly Named[],
  { what, fix }: Omit<Uniqueness, 'names'>,
  view: View,
): readonly FileFinding[] {
  return findRepeats(names).map(({ later: { name, path }, earlier }) => {
    const found = `${what} ${name} is already used ${view.describePlace(earlier.path)}`
    return { path, clashesWith: earlier.path, what: found, fix }
  })
}

/** Resources are identified by (issuer, resource), so two resource apps must not share a pair. */
function checkSharedResources(view: View): readonly FileFinding[] {
  const owner = new Map<string, View['resourceApps'][number]>()
  return view.resourceApps.flatMap((app) =>
    resourcesOf(app).flatMap(({ name, path }) => {
      const key = JSON.stringify([textOf(app, 'issuer'), name])
      const other = owner.get(key) ?? app
      owner.set(key, other)
      if (other === app) return []
      const what = `resource ${name} belongs to ${nameOf('resource app', other)} already, behind the same issuer`
      const fix = 'list the resource in one of the two resource apps only'
      return [{ path, clashesWith: other.path, what, fix }]
    }),
  )
}

/**
 * Users sign in with either, so a username must not equal another user's e-mail address. The later of the two users is
 * reported, as in all checks.
 */
function checkLoginNames(view: View): readonly FileFinding[] {
  const byEmail = Map.groupBy(view.users, (user) => foldName(textOf(user, 'email') ?? ''))
  return view.users.flatMap((user, index) => {
    const username = foldName(textOf(user, 'username') ?? '')
    if (username === '') return []
    const other = byEmail.get(username)?.find((it) => it !== user)
    if (other === undefined) return []
    if (view.users.indexOf(other) > index) {
      const what = `the e-mail address ${username} is the username of ${nameOf('user', user)}`
      const fix = 'give this user another e-mail address'
      return [{ path: [...other.path, 'email'], clashesWith: user.path, what, fix }]
    }
    const what = `the username ${username} is the e-mail address of ${nameOf('user', other)}`
    const fix = 'give this user another username'
    return [{ path: [...user.path, 'username'], clashesWith: other.path, what, fix }]
  })
}
