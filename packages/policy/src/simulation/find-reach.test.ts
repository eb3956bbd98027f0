// Reach matches the evaluator: it lists nothing that is denied, and omits nothing that is granted.
import { type AppDefinition, zPolicy, zUser } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import {
  AUDIENCE,
  DEFINITIONS,
  makeFacts,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'
import { assume } from '../testing/assumed-exchange.ts'
import { findReach, type Reach, type ReachCursor, type ReachFilter, stepReach } from './find-reach.ts'

const users = new Map(Object.values(USERS).map((user) => [user.id, user]))
const nowMs = NOW_SECONDS * 1000
const all = { limit: 100, mostJudged: 100 }

function reach(filter: ReachFilter, snapshot = makeSnapshot(), signIn: object = { authTime: NOW_SECONDS }) {
  return findReach(filter, { snapshot, users, nowMs }, all, signIn).items
}
const brief = ({ app, user, resource, scopes }: Reach) => [app, user, resource, scopes.join(' ')].join(' ')

describe('reach', () => {
  it('lists every allowed path, in order', () => {
    expect(reach({}).map(brief)).toEqual([
      `agent0 usr_alice ${NOTES_RESOURCE} notes.read`,
      `agent0 usr_alice ${TODO_RESOURCE} todos.read todos.write`,
    ])
  })

  it('names what assigns the user to the connection', () => {
    const grant = { id: 'gr_1', connection: 'agent0-notes0', user: 'usr_bob', scopes: ['notes.read'] }
    const snapshot = makeSnapshot({ accessGrants: [grant] })
    expect(reach({}, snapshot).map(({ user, connection, via }) => [user, connection, via])).toEqual([
      ['usr_alice', 'agent0-notes0', 'group:engineering'],
      ['usr_bob', 'agent0-notes0', 'access-grant:gr_1'],
      ['usr_alice', 'agent0-todo0', 'group:engineering'],
    ])
  })

  it.each([
    ['another app', { app: 'other' }, 0],
    ['an unknown app', { app: 'nobody' }, 0],
    ['any of two apps', { apps: ['other', 'agent0'] }, 2],
    ['apps without access', { apps: ['other'] }, 0],
    ['an unassigned user', { user: 'usr_bob' }, 0],
    ['an inactive user', { user: 'usr_dave' }, 0],
    ['nobody', { user: 'usr_nobody' }, 0],
    ['one resource app', { resourceApp: 'todo0' }, 1],
    ['one resource', { resource: NOTES_RESOURCE }, 1],
    ['a scope', { scope: 'todos.write' }, 1],
    ['a scope that no connection has', { scope: 'notes.write' }, 0],
  ])('of %s', (_, filter, count) => {
    expect(reach(filter)).toHaveLength(count)
  })

  it('looks at users only for connections to the resource', () => {
    let looks = 0
    const { usr_alice: alice } = Object.fromEntries(users)
    const watched = new Proxy(alice ?? expect.unreachable(), {
      get: (user, name) => {
        looks += Number(name === 'groups')
        return Reflect.get(user, name) as unknown
      },
    })
    const count = (resource: string) => {
      looks = 0
      const world = { snapshot: makeSnapshot(), users: new Map([[watched.id, watched]]), nowMs }
      findReach({ resource }, world, all)
      return looks
    }
    expect(count(TODO_RESOURCE)).toBeGreaterThan(0)
    expect(count('https://other.example/api')).toBe(0)
  })

  it.each([
    ['suspended', { status: 'suspended' }],
    ['a draft', { status: 'draft' }],
    ['over', { endsAt: NOW_SECONDS, expiresAt: '2027-01-15T08:00:00Z' }],
    ['without a client id at the resource', { clientId: undefined }],
  ])('has nothing over a connection that is %s', (_, change) => {
    expect(reach({ resourceApp: 'todo0' }, makeSnapshot(withConnection(change)))).toEqual([])
    expect(reach({ resourceApp: 'notes0' }, makeSnapshot(withConnection(change)))).toHaveLength(1)
  })

  it.each(['apps', 'resourceApps'] as const)(
    'has nothing for users who are not assigned to the %s',
    (collection) => {
      const assignments = { everyone: false, users: ['usr_bob'], groups: [] }
      const definitions = DEFINITIONS[collection].map((it) => ({ ...it, assignments }))
      expect(reach({}, makeSnapshot({ [collection]: definitions }))).toEqual([])
    },
  )

  it('lists resources of a resource app in order, and only those of the connection', () => {
    const ids = ['c', 'a', 'b'].map((name) => `https://${name}.vendor.test`)
    const resources = ids.map((id) => ({ id, scopes: ['todos.read'] }))
    const listed = (connected: readonly string[]) =>
      reach(
        { resourceApp: 'todo0' },
        makeSnapshot({ ...withResourceApp({ resources }), ...withConnection({ resources: connected }) }),
      ).map(({ resource, scopes }) => [resource, scopes])
    expect(listed(ids)).toEqual(ids.toSorted().map((id) => [id, ['todos.read']]))
    expect(listed(ids.slice(0, 2))).toEqual(
      ids
        .slice(0, 2)
        .toSorted()
        .map((id) => [id, ['todos.read']]),
    )
  })

  it('lists a resource app without resources by its audience', () => {
    const { resourceApps = [] } = withResourceApp({ resources: [] })
    const { connections = [] } = withConnection({ resources: [] })
    const snapshot = makeSnapshot({
      // An audience does not select one of two resource apps.
      resourceApps: resourceApps.filter(({ id }) => id === 'todo0'),
      connections: connections.filter(({ resourceApp }) => resourceApp === 'todo0'),
    })
    expect(reach({}, snapshot)).toMatchObject([
      { user: 'usr_alice', audience: AUDIENCE, resource: undefined, scopes: ['todos.read', 'todos.write'] },
    ])
    expect(reach({ resource: AUDIENCE }, snapshot)).toEqual([])
  })

  it('lists only the requested scope of several', () => {
    expect(reach({ scope: 'todos.write' }).map(({ scopes }) => scopes)).toEqual([['todos.write']])
  })

  it.each([
    ['still runs', NOW_SECONDS + 1, 1],
    ['has ended', NOW_SECONDS, 0],
  ])('over a grant that %s', (_, ends, count) => {
    const until = new Date(ends * 1000).toISOString()
    const grant = { id: 'gr_1', connection: 'agent0-todo0', user: 'usr_bob', scopes: ['todos.read'], until }
    expect(reach({ user: 'usr_bob' }, makeSnapshot({ accessGrants: [grant] }))).toHaveLength(count)
  })

  it('lists the scopes of a grant for its user, and those of the connection for others', () => {
    const grant = { id: 'gr_1', connection: 'agent0-todo0', user: 'usr_bob', scopes: ['todos.read'] }
    const found = reach({ resourceApp: 'todo0' }, makeSnapshot({ accessGrants: [grant] }))
    expect(found.map(({ user, scopes }) => [user, scopes])).toEqual([
      ['usr_alice', ['todos.read', 'todos.write']],
      ['usr_bob', ['todos.read']],
    ])
  })

  it('stops after the number of paths that a page may evaluate', () => {
    const page = findReach({}, { snapshot: makeSnapshot(), users, nowMs }, { limit: 100, mostJudged: 1 })
    expect(page.items.map(({ connection }) => connection)).toEqual(['agent0-notes0'])
    expect(page.next).toEqual(['agent0-notes0', NOTES_RESOURCE, 'usr_alice'])
  })

  it.each([
    [24, 0],
    [25, 1],
    [60, 2],
  ])('evaluates %d paths with %d pauses for other work', (count, pauses) => {
    const crowd = Array.from({ length: count }, (_, at) => {
      const user = zUser.parse({ id: `u${at}`, username: `u${at}`, groups: ['engineering'] })
      return [user.id, { ...user, namesakes: [] }] as const
    })
    const world = { snapshot: makeSnapshot(), users: new Map(crowd), nowMs }
    const steps = stepReach({ resourceApp: 'todo0' }, world, all)
    for (let pause = 0; pause < pauses; pause += 1) expect(steps.next().done).toBe(false)
    expect(steps.next()).toMatchObject({ done: true, value: { next: undefined } })
  })

  it('evaluates each scope separately if a rule concerns one of them', () => {
    const rule = zPolicy.parse({ id: 'p', when: { scope: ['todos.write'] }, effect: 'deny' })
    expect(reach({ resourceApp: 'todo0' }, makeSnapshot({ policies: [rule] })).map(brief)).toEqual([
      `agent0 usr_alice ${TODO_RESOURCE} todos.read`,
    ])
  })

  it('counts for rules that count, separately for each app and user', () => {
    const policies = [zPolicy.parse({ id: 'p', when: { 'volume.perHour.over': 5 }, effect: 'deny' })]
    const snapshot = makeSnapshot({ policies })
    const find = (volume: number) =>
      findReach(
        { resourceApp: 'todo0' },
        {
          snapshot,
          users,
          nowMs,
          volumeOf: (app, user) => (app === 'agent0' && user === 'usr_alice' ? volume : 99),
        },
        all,
        { authTime: NOW_SECONDS },
      ).items
    expect(find(5)).toHaveLength(1)
    expect(find(6)).toEqual([])
    // An uncounted volume is unknown, and unknown means not granted.
    expect(reach({ resourceApp: 'todo0' }, snapshot)).toEqual([])
  })

  it('lists what a new sign-in would allow, and its requirements', () => {
    const rule = zPolicy.parse({
      id: 'p',
      when: { scope: ['todos.write'] },
      effect: 'require',
      require: { acr: ['mfa'], maxAuthAgeSeconds: 60 },
    })
    const snapshot = makeSnapshot({ policies: [rule] })
    expect(reach({ resourceApp: 'todo0' }, snapshot)).toMatchObject([
      {
        scopes: ['todos.read'],
        afterStepUp: [{ scopes: ['todos.write'], acrValues: ['mfa'], maxAgeSeconds: 60 }],
      },
    ])
    const strong = { acr: 'mfa', authTime: NOW_SECONDS - 60 }
    expect(reach({ resourceApp: 'todo0' }, snapshot, strong)).toMatchObject([
      { scopes: ['todos.read', 'todos.write'], afterStepUp: [] },
    ])
  })

  it('continues where a page ended, without missing or repeating a path', () => {
    const everyone = { everyone: true }
    const crowd = new Map(
      ['c', 'a', 'e', 'b', 'd'].map(
        (id) => [id, { ...zUser.parse({ id, username: id }), namesakes: [] }] as const,
      ),
    )
    const snapshot = makeSnapshot({
      connections: DEFINITIONS.connections.map((it) => ({
        ...it,
        assignments: { users: [], groups: [], ...everyone },
      })),
    })
    for (const paging of [
      { limit: 3, mostJudged: 100 },
      { limit: 100, mostJudged: 1 },
    ]) {
      const found: string[] = []
      let after: ReachCursor | undefined
      do {
        const page = findReach({}, { snapshot, users: crowd, nowMs }, { ...paging, after })
        found.push(...page.items.map(({ connection, user }) => `${connection} ${user}`))
        after = page.next
      } while (after !== undefined)
      expect(found).toEqual(
        ['agent0-notes0', 'agent0-todo0'].flatMap((id) =>
          ['a', 'b', 'c', 'd', 'e'].map((it) => `${id} ${it}`),
        ),
      )
    }
  })
})

describe('an assumed exchange', () => {
  const keys = { method: 'private_key_jwt' as const, jwks: { keys: [] } }
  const withKeys = DEFINITIONS.apps.map((app) => (app.id === 'other' ? { ...app, auth: keys } : app))
  const decide = (change: Parameters<typeof assume>[0], snapshot = makeSnapshot()) =>
    evaluateExchange(assume(change, snapshot), snapshot)

  it('by an actor is decided by the connection', () => {
    const enabled = { actorProfile: 'enabled' } as const
    const allowed = { ...withConnection({ actors: ['other'] }), apps: withKeys }
    expect(decide({ actor: 'other' }).code).toBe('XAA1005')
    expect(decide({ actor: 'other' }, makeSnapshot({ apps: withKeys }, enabled)).code).toBe('XAA1408')
    const record = decide({ actor: 'other' }, makeSnapshot(allowed, enabled))
    expect(record).toMatchObject({ outcome: 'allow', granted: { act: { sub: 'other' } } })
    expect(decide({ actor: 'agent0' }, makeSnapshot(allowed, enabled)).code).toBe('XAA1010')
    expect(decide({ actor: 'nobody' }, makeSnapshot(allowed, enabled)).code).toBe('XAA1010')
    const ofDomain = allowed.apps.map((app) => ({
      ...app,
      auth: { ...keys, spiffeId: 'spiffe://acme.test/other' },
    }))
    const shared = makeSnapshot({ ...allowed, apps: ofDomain }, enabled)
    expect(decide({ actor: 'other' }, shared).code).toBe('XAA1010')
  })

  it('by a self-described app is decided by connection and users', () => {
    const app = 'https://app.example/client.json'
    const describedApp = { ...(DEFINITIONS.apps[0] as AppDefinition), id: app, name: app, auth: keys }
    const open = makeSnapshot(withConnection({ app }))
    expect(decide({ app }, open).code).toBe('XAA1101')
    expect(decide({ app, describedApp }, open)).toMatchObject({ outcome: 'allow' })
    expect(decide({ app, describedApp }).code).toBe('XAA1401')
    const nobody = { everyone: false, users: [], groups: [] }
    expect(decide({ app, describedApp: { ...describedApp, assignments: nobody } }, open).code).toBe('XAA1501')
    expect(makeFacts().client.state).toBe('authenticated')
  })
})
