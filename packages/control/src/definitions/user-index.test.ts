// An index changed by difference is the one that would have been made of everything.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { UserSources } from './derived-users.ts'
import { findByName, indexUsers, type UserIndex } from './user-index.ts'
import { holdId, type Hold, type Item, type UserRecord } from './records.ts'
import { patchMap } from './shared-map.ts'

type Sources = UserSources

const IDS = ['a', 'b', 'c', 'd'] as const
const GROUPS = ['g', 'h'] as const

const zUser = fc.record({
  groups: fc.subarray([...GROUPS]),
  email: fc.boolean(),
  emailVerified: fc.boolean(),
  active: fc.boolean(),
  renamed: fc.boolean(),
})
const zStep = fc.oneof(
  fc.record({ kind: fc.constant('user' as const), id: fc.constantFrom(...IDS), user: fc.option(zUser) }),
  fc.record({
    kind: fc.constant('group' as const),
    id: fc.constantFrom(...GROUPS),
    members: fc.option(fc.shuffledSubarray([...IDS, 'unknown'])),
  }),
  fc.record({ kind: fc.constant('hold' as const), id: fc.constantFrom(...IDS), held: fc.boolean() }),
)
type Step = typeof zStep extends fc.Arbitrary<infer T> ? T : never

function item<T>(definition: T): Item<T> {
  return { definition, owner: 'database', revision: 1 }
}

function change<T>(map: ReadonlyMap<string, T>, id: string, value: T | undefined): ReadonlyMap<string, T> {
  return patchMap(map, [[id, value]])
}

/** Nothing shared with anything before, in the order of ids, as definitions always are. */
function copy({ users, groups, holds }: Sources): Sources {
  const sort = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return { users: sort(users), groups: sort(groups), holds: sort(holds) }
}

function takeStep(sources: Sources, step: Step): Sources {
  const { id } = step
  switch (step.kind) {
    case 'user': {
      const { user } = step
      const definition = user && {
        ...{ id, username: user.renamed ? `new-${id}` : id, active: user.active, groups: user.groups },
        ...(user.email ? { email: `${id}@example.com` } : {}),
        ...{
          emailVerified: user.emailVerified,
          attributes: { cost: user.renamed ? '1' : '2' },
          hasPassword: false,
        },
      }
      return {
        ...sources,
        users: change(sources.users, id, definition ? item<UserRecord>(definition) : undefined),
      }
    }
    case 'group': {
      const { members } = step
      const definition = members && { id, name: id, members }
      return {
        ...sources,
        groups: change(sources.groups, id, definition ? item(definition) : undefined),
      } as Sources
    }
    case 'hold': {
      const hold: Hold = {
        kind: 'user',
        target: id,
        state: 'suspended',
        by: 'x',
        since: '2026-01-01T00:00:00Z',
      }
      return { ...sources, holds: change(sources.holds, holdId('user', id), step.held ? hold : undefined) }
    }
  }
}

const EMPTY = { users: new Map(), groups: new Map(), holds: new Map() } as unknown as Sources

const NAMES = IDS.flatMap((id) => [id, `new-${id}`, `${id}@example.com`])

async function show(index: UserIndex) {
  const { people, members, users } = index
  const found = await Promise.all(['1', '2'].map((value) => users.findByAttribute('cost', value)))
  const byLogin = await Promise.all(NAMES.map((name) => users.findByLogin(name)))
  return {
    people: [...people],
    byId: IDS.map((id) => [people.has(id), people.get(id)]),
    size: people.size,
    members: Object.fromEntries([...members].map(([group, ids]) => [group, ids.toSorted()])),
    byName: NAMES.map((name) => findByName(index, name.toUpperCase())),
    byLogin: byLogin.map((user) => user?.id),
    byAttribute: found.map((list) => list.map(({ id }) => id).toSorted()),
  }
}

describe('the index of users', () => {
  it('is the same by difference as from everything', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.array(zStep, { maxLength: 4 }), { maxLength: 6 }),
      async (rounds) => {
        let sources = EMPTY
        let index = indexUsers(sources)
        for (const steps of rounds) {
          const next = steps.reduce(takeStep, sources)
          index = indexUsers(next, { sources, index })
          sources = next
          expect(await show(index)).toEqual(await show(indexUsers(copy(sources))))
        }
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('is the very same where no user changed', () => {
    const sources = takeStep(EMPTY, { kind: 'group', id: 'g', members: ['unknown'] })
    const index = indexUsers(sources)
    const suspended: Hold = { kind: 'connection', target: 'a', state: 'suspended', by: 'x', since: '' }
    const next = { ...sources, holds: new Map([['connection:a', suspended]]) }
    expect(indexUsers(next, { sources, index })).toBe(index)
  })
})

describe('signing in by name', () => {
  const user = (id: string, definition: Partial<UserRecord>) => {
    const base = { id, username: id, emailVerified: false, active: true, groups: [], attributes: {} }
    return [id, item<UserRecord>({ ...base, hasPassword: false, ...definition })] as const
  }
  const find = async (login: string, ...users: (readonly [string, Item<UserRecord>])[]) =>
    (await indexUsers({ ...EMPTY, users: new Map(users) }).users.findByLogin(login))?.id

  it('takes a user name as written, and an address that is verified', async () => {
    expect(await find('Bob', user('a', { username: 'Bob' }))).toBe('a')
    expect(await find('bob', user('a', { username: 'Bob' }))).toBeUndefined()
    const email = 'bob@example.com'
    expect(await find(email, user('a', { email, emailVerified: true }))).toBe('a')
    expect(await find(email, user('a', { email }))).toBeUndefined()
  })

  it('finds no one by a name that two users have', async () => {
    const [one, other] = [user('a', { username: 'bob' }), user('b', { username: 'bob' })]
    expect(await find('bob', one)).toBe('a')
    expect(await find('bob', one, other)).toBeUndefined()
  })
})
