// Memberships after a change: the same as from all groups, without reading those that did not change.
import type { GroupDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { listMemberships, updateMemberships } from './memberships.ts'
import type { Item, Items } from './records.ts'
import { patchMap } from './shared-map.ts'

type Groups = Items['groups']

const group = (id: string, members: readonly string[]): readonly [string, Item<GroupDefinition>] => [
  id,
  { definition: { id, members: [...members] }, owner: 'database', revision: 1 },
]

it.each<readonly [string, readonly (readonly [string, readonly string[] | undefined])[]]>([
  ['joins', [['b', ['ann', 'ben', 'cid']]]],
  ['leaves', [['b', ['ben']]]],
  ['leaves the last group', [['d', []]]],
  ['is listed twice', [['b', ['ann', 'ann', 'ben']]]],
  ['loses a removed group', [['a', undefined]]],
  ['gets a new group between others', [['bb', ['ann', 'eve']]]],
  [
    'changes groups',
    [
      ['a', []],
      ['c', ['ann', 'ben']],
      ['d', undefined],
    ],
  ],
])('of a user who %s', (_, changes) => {
  const before: Groups = new Map([
    group('a', ['ann', 'ben']),
    group('b', ['ann', 'ben']),
    group('c', ['ann']),
    group('d', ['dan']),
  ])
  const now = patchMap(
    before,
    changes.map(([id, members]) => (members === undefined ? [id, undefined] : group(id, members))),
  )
  const updated = updateMemberships(listMemberships(before), before, now)
  const show = (memberships: ReadonlyMap<string, readonly string[]>) =>
    Object.fromEntries([...memberships].map(([user, groups]) => [user, [...new Set(groups)]]))
  expect(show(updated)).toEqual(show(listMemberships(now)))
})

it('reads no members of groups that did not change', () => {
  const large = group('large', ['ann'])
  const before: Groups = new Map([large, group('small', [])])
  const memberships = listMemberships(before)
  Object.defineProperty(large[1].definition, 'members', { get: () => expect.unreachable() })
  const updated = updateMemberships(memberships, before, patchMap(before, [group('small', ['ann'])]))
  expect([...updated]).toEqual([['ann', ['large', 'small']]])
})
