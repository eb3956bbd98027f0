// The requests that a policy test expands to. A name that matches nothing is a mistake in the test, which never passes.
import type { PolicySuite, PolicyTest } from '@crosswalk/protocol'

import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'

export interface TestWorld {
  readonly snapshot: ExchangeSnapshot
  /** By id */
  readonly users: ReadonlyMap<string, ExchangeUser>
  /** For tests without a time */
  readonly nowMs: number
}

export interface TestCase {
  readonly user: ExchangeUser
  readonly app: string
  readonly audience: string
  readonly resource: readonly string[]
  readonly scope: readonly string[]
}

export interface ExpandedTest {
  readonly cases: readonly TestCase[]
  /** The error in the test itself */
  readonly mistake?: string
}

/** @param mostCases - a test that expands to more is a mistake */
export function expandTest(
  test: PolicySuite['tests'][number],
  world: Pick<TestWorld, 'snapshot' | 'users'>,
  mostCases: number,
): ExpandedTest {
  const who = [test.who].flat().map((name) => ({ name, found: findUsers(name, world.users) }))
  const apps = [test.app].flat().map((name) => ({ name, found: findApps(name, world.snapshot) }))
  const places = findPlaces(test.at, world.snapshot)
  const unmatched = [...who, ...apps].find(({ found }) => found.length === 0)
  if (unmatched !== undefined) return { cases: [], mistake: `${unmatched.name} matches nothing` }
  if (places.length === 0) return { cases: [], mistake: `${JSON.stringify(test.at)} matches nothing` }
  const users = unique(who.flatMap(({ found }) => found))
  const appIds = unique(apps.flatMap(({ found }) => found))
  const asked = places.flatMap((place) => findScopes(test.ask, place).map((scope) => ({ ...place, scope })))
  const count = users.length * appIds.length * asked.length
  if (count > mostCases)
    return { cases: [], mistake: `it expands to ${count} requests, more than ${mostCases}` }
  return {
    cases: users.flatMap((user) =>
      appIds.flatMap((app) =>
        asked.map(({ audience, resource, scope }) => ({ user, app, audience, resource, scope })),
      ),
    ),
  }
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)]
}

/** The users that the tests of a suite refer to; running it needs no others. */
export function listUsersAsked({ tests }: PolicySuite): {
  readonly everyone: boolean
  readonly groups: readonly string[]
  /** Ids, user names or addresses */
  readonly names: readonly string[]
} {
  const asked = unique(tests.flatMap(({ who }) => who))
  const [groups, others] = [
    asked.filter((name) => name.startsWith('group:')),
    asked.filter((name) => !name.startsWith('group:') && name !== 'any'),
  ]
  const valueOf = (name: string) => name.slice(name.indexOf(':') + 1)
  return { everyone: asked.includes('any'), groups: groups.map(valueOf), names: others.map(valueOf) }
}

function findUsers(name: string, users: ReadonlyMap<string, ExchangeUser>): readonly ExchangeUser[] {
  if (name === 'any') return [...users.values()]
  const [kind, value] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  const all = [...users.values()]
  if (kind === 'group') return all.filter(({ groups }) => groups.includes(value))
  const byId = users.get(value)
  return byId === undefined
    ? all.filter(
        ({ username, email, emailVerified }) => username === value || (emailVerified && email === value),
      )
    : [byId]
}

/** An unregistered id is used as written: the test may be that it gets no access. */
function findApps(name: string, { apps }: ExchangeSnapshot): readonly string[] {
  if (name === 'any') return [...apps.keys()]
  if (!name.startsWith('kind:')) return [name]
  return [...apps.values()].filter(({ kind }) => kind === name.slice('kind:'.length)).map(({ id }) => id)
}

interface Place {
  readonly audience: string
  readonly resource: readonly string[]
  /** Every scope of the resource */
  readonly scopes: readonly string[]
}

function findPlaces(at: PolicyTest['at'], { resourceApps, audiences }: ExchangeSnapshot): readonly Place[] {
  if (typeof at !== 'string') {
    const resource = at.resource === undefined ? [] : [at.resource].flat()
    const scopes = (audiences.get(at.audience) ?? [])
      .flatMap(({ resources }) => resources)
      .filter(({ id }) => resource.length === 0 || resource.includes(id))
      .flatMap((one) => one.scopes)
    return [{ audience: at.audience, resource, scopes: unique(scopes) }]
  }
  const meant = [...resourceApps.values()].filter(({ id }) => at === 'any' || id === at)
  return meant.flatMap(({ issuer, resources }) =>
    resources.length === 0
      ? [{ audience: issuer, resource: [], scopes: [] }]
      : resources.map(({ id, scopes }) => ({ audience: issuer, resource: [id], scopes })),
  )
}

/** A rule about one scope may deny a request for all scopes, so each scope is also requested separately. */
function findScopes(ask: PolicyTest['ask'], { scopes }: Place): readonly (readonly string[])[] {
  if (ask === undefined) return [[]]
  return ask === 'any' ? [[], ...scopes.map((scope) => [scope])] : [ask]
}
