// Audit events say exactly what changed in long lists, such as the members of a group.
import { applyPatch, createPatch } from 'rfc6902'
import { expect, it } from 'vitest'

import { diffLongLists } from './diff-long-lists.ts'

/** More than the library can compare without overflowing the stack */
const MEMBERS = Array.from({ length: 20_000 }, (_, number) => `usr_${number}`)

it.each<readonly [string, readonly unknown[], readonly unknown[], number]>([
  ['nothing', MEMBERS, [...MEMBERS], 0],
  ['an appended element', MEMBERS, [...MEMBERS, 'usr_new'], 1],
  ['an inserted element', MEMBERS, MEMBERS.toSpliced(7, 0, 'usr_new'), 1],
  ['a removed element', MEMBERS, MEMBERS.toSpliced(7, 1), 1],
  ['elements removed and added', MEMBERS, ['a', ...MEMBERS.slice(3), 'b'], 5],
  ['a replaced element', MEMBERS, MEMBERS.with(7, 'usr_new'), 2],
  ['an object', [...MEMBERS, { a: 1 }], [...MEMBERS, { a: 2 }], 2],
  ['a list that was empty', [], MEMBERS, 1],
  ['a list that becomes empty', MEMBERS, [], 1],
  ['all elements', MEMBERS, MEMBERS.map((id) => `new_${id}`), 1],
  ['the order', MEMBERS, MEMBERS.toReversed(), 1],
  ['a repeated element', [...MEMBERS, 'a', 'b', 'a'], [...MEMBERS, 'a', 'b'], 1],
])('describes a change of %s', (_, before, after, operations) => {
  const patch = createPatch({ members: before }, { members: after }, diffLongLists)
  expect(patch).toHaveLength(operations)
  const patched = { members: [...before] }
  expect(applyPatch(patched, patch)).toEqual(patch.map(() => null))
  expect(patched.members).toEqual(after)
})

it('leaves short lists to the library, which describes changes within elements', () => {
  const list = (length: number) => Array.from({ length }, (_, id) => ({ id, scopes: ['read'] }))
  const changed = (length: number) => list(length).with(0, { id: 0, scopes: ['write'] })
  const within = { op: 'replace', path: '/0/scopes/0', value: 'write' }
  expect(createPatch(list(20), changed(20), diffLongLists)).toEqual([within])
  expect(createPatch(list(21), changed(21), diffLongLists)).toEqual([
    { op: 'remove', path: '/0' },
    { op: 'add', path: '/0', value: { id: 0, scopes: ['write'] } },
  ])
})
