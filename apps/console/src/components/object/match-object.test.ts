import { describe, expect, it } from 'vitest'

import { filterNamed, findExactMatch, findByName } from './match-object.ts'

const OBJECTS = [
  { item: { id: 'usr_1', username: 'bob' }, label: 'Bob Hart' },
  { item: { id: 'usr_2', username: 'bobby' }, label: 'Bob Lane' },
  { item: { id: 'usr_3', username: 'sam' }, label: 'Kim' },
  { item: { id: 'usr_4', username: 'samuel' }, label: 'kim' },
  { item: { id: 'usr_5', username: 'kit' }, label: 'bob' },
]

describe('findByName', () => {
  it.each([
    ['an ID', 'usr_2', 'usr_2'],
    ['a username, ignoring case and spaces', ' BOBBY ', 'usr_2'],
    ['a username that is also the name of another user', 'bob', 'usr_1'],
    ['a unique name', 'bob hart', 'usr_1'],
    ['a name that two users have', 'Kim', undefined],
    ['part of a name', 'bob h', undefined],
    ['nothing', ' ', undefined],
  ])('finds by %s', (_, typed, id) => expect(findByName(OBJECTS, typed)?.item.id).toBe(id))
})

describe('findMeant', () => {
  it.each([
    ['the only match of a part', 'lane', 'usr_2'],
    ['a username among several matches', 'sam', 'usr_3'],
    ['several matches', 'ki', undefined],
    ['nothing', ' ', undefined],
  ])('finds %s', (_, typed, id) =>
    expect(findExactMatch(filterNamed(OBJECTS, typed), typed)?.item.id).toBe(id),
  )
})

describe('filterNamed', () => {
  it.each([
    ['ham', []],
    ['lane', ['usr_2']],
    ['SAM', ['usr_3', 'usr_4']],
    ['', ['usr_1', 'usr_2', 'usr_3', 'usr_4', 'usr_5']],
  ])('keeps what contains %j', (typed, ids) =>
    expect(filterNamed(OBJECTS, typed).map(({ item }) => item.id)).toEqual(ids),
  )
})
