// An index changed by difference is the one that would have been made of everything.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { indexPeople, type PeopleIndex } from './people-index.ts'
import { holdId, type Hold, type Item, type UserRecord } from './records.ts'

type Sources = Parameters<typeof indexPeople>[0]

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
    members: fc.option(fc.subarray([...IDS, 'unknown'])),
  }),
  fc.record({ kind: fc.constant('hold' as const), id: fc.constantFrom(...IDS), held: fc.boolean() }),
)
type Step = typeof zStep extends fc.Arbitrary<infer T> ? T : never

function item<T>(definition: T): Item<T> {
  return { definition, owner: 'database', revision: 1 }
}

/** In the order of ids, as definitions always are. */
function change<T>(map: ReadonlyMap<string, T>, id: string, value: T | undefined): ReadonlyMap<string, T> {
  const next = new Map(map)
  if (value === undefined) next.delete(id)
  else next.set(id, value)
  return new Map([...next].toSorted(([one], [other]) => (one < other ? -1 : 1)))
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

async function show({ people, members, logins, users }: PeopleIndex) {
  const found = await Promise.all(['1', '2'].map((value) => users.findByAttribute('cost', value)))
  return {
    people: Object.fromEntries(people),
    members: Object.fromEntries([...members].map(([group, ids]) => [group, ids.toSorted()])),
    logins: Object.fromEntries([...logins].map(([login, { id }]) => [login, id])),
    byAttribute: found.map((list) => list.map(({ id }) => id).toSorted()),
  }
}

describe('the index of users', () => {
  it('is the same by difference as from everything', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.array(zStep, { maxLength: 4 }), { maxLength: 6 }),
      async (rounds) => {
        let sources = EMPTY
        let index = indexPeople(sources)
        for (const steps of rounds) {
          const next = steps.reduce(takeStep, sources)
          index = indexPeople(next, { sources, index })
          sources = next
          expect(await show(index)).toEqual(await show(indexPeople(sources)))
        }
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('is the very same where no user changed', () => {
    const sources = takeStep(EMPTY, { kind: 'group', id: 'g', members: ['unknown'] })
    const index = indexPeople(sources)
    const suspended: Hold = { kind: 'connection', target: 'a', state: 'suspended', by: 'x', since: '' }
    const next = { ...sources, holds: new Map([['connection:a', suspended]]) }
    expect(indexPeople(next, { sources, index })).toBe(index)
  })
})
