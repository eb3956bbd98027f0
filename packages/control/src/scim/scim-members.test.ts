// Changes to group members by SCIM requests.
import { describe, expect, it } from 'vitest'

import { patchMembers, takeMembers } from './scim-members.ts'

const many = (count: number) => Array.from({ length: count }, (_, at) => ({ value: `usr_${at}` }))
const refusal = (scimType: string) => expect.objectContaining({ status: 400, scimType })

describe('a PATCH of members', () => {
  it.each([
    ['adds', [{ op: 'add', path: 'members', value: [{ value: 'c' }, { value: 'a' }] }], ['a', 'b', 'c']],
    ['adds a single value', [{ op: 'Add', path: 'members', value: { value: 'c' } }], ['a', 'b', 'c']],
    ['adds without a path', [{ op: 'add', value: { Members: [{ value: 'c' }] } }], ['a', 'b', 'c']],
    ['replaces', [{ op: 'Replace', path: 'MEMBERS', value: [{ value: 'c' }] }], ['c']],
    ['replaces with an empty list', [{ op: 'replace', path: 'members', value: [] }], []],
    ['removes by filter', [{ op: 'remove', path: 'members[value eq "a"]' }], ['b']],
    [
      'removes no member by an id in another case',
      [{ op: 'remove', path: 'members[value eq "A"]' }],
      ['a', 'b'],
    ],
    [
      'removes by filter with the schema URN',
      [{ op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq "b"]' }],
      ['a'],
    ],
    ['removes listed members', [{ op: 'Remove', path: 'members', value: [{ value: 'b' }] }], ['a']],
    [
      'replaces without a path, by the schema URN',
      [{ op: 'replace', value: { 'urn:ietf:params:scim:schemas:core:2.0:group:members': [] } }],
      [],
    ],
    ['removes all', [{ op: 'remove', path: 'members' }], []],
    ['removes all with null', [{ op: 'remove', path: 'members', value: null }], []],
    [
      'applies operations in order',
      [
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [{ value: 'a' }] },
      ],
      ['a'],
    ],
  ])('%s', (_, operations, expected) => {
    expect(patchMembers(['a', 'b'], operations)).toEqual({ ids: expected, others: [] })
  })

  it.each([
    ['filters at the comparison limit of a request', 10, 1, true],
    ['one more filter', 11, 1, false],
    ['a filter with as many terms', 1, 10, true],
    ['a filter with one more term', 1, 11, false],
    ['any number of filters for a single id', 500, 0, true],
  ])('accepts or rejects %s', (_, filters, terms, isTaken) => {
    const ids = many(50_000).map(({ value }) => value)
    const filter = terms === 0 ? 'value eq "none"' : Array(terms).fill('value co "none"').join(' or ')
    const operations = Array.from({ length: filters }, () => ({ op: 'remove', path: `members[${filter}]` }))
    const apply = () => patchMembers(ids, operations).ids.length
    if (isTaken) expect(apply()).toBe(50_000)
    else expect(apply).toThrow(refusal('tooMany'))
  })

  it('leaves everything else to the library', () => {
    const rename = { op: 'replace', path: 'displayName', value: 'new' }
    const both = { op: 'replace', value: { displayName: 'new', members: [{ value: 'c' }] } }
    expect(patchMembers(['a'], [rename])).toEqual({ ids: ['a'], others: [rename] })
    expect(patchMembers(['a'], [both])).toEqual({
      ids: ['c'],
      others: [{ op: 'replace', value: { displayName: 'new' } }],
    })
  })

  it.each([
    ['a member without an id', { op: 'add', path: 'members', value: [{ display: 'c' }] }, 'invalidValue'],
    ['a text as a member', { op: 'add', path: 'members', value: ['c'] }, 'invalidValue'],
    ['a filter when adding members', { op: 'add', path: 'members[value eq "a"]', value: [] }, 'invalidPath'],
    ['the id of a member', { op: 'remove', path: 'members[value eq "a"].value' }, 'invalidPath'],
    ['the ids of all members', { op: 'replace', path: 'Members.value', value: 'c' }, 'invalidPath'],
    ['an invalid filter', { op: 'remove', path: 'members[value eq]' }, 'invalidFilter'],
    ['another operation', { op: 'move', path: 'members', value: [] }, 'invalidSyntax'],
  ])('rejects %s', (_, operation, scimType) => {
    expect(() => patchMembers(['a'], [operation])).toThrow(refusal(scimType))
  })

  it('removes and adds hundreds of members of a large group one by one quickly', () => {
    const current = many(50_000).map(({ value }) => value)
    const some = current.slice(0, 250)
    const remove = some.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
    const add = some.map((id) => ({ op: 'add', path: 'members', value: [{ value: id }] }))
    const cpu = process.cpuUsage()
    const removed = patchMembers(current, remove).ids
    const added = patchMembers(removed, add).ids
    // Scanning all members for each operation would take seconds.
    expect(process.cpuUsage(cpu).user / 1000).toBeLessThan(1000)
    expect(removed).toEqual(current.slice(250))
    expect(added).toEqual([...removed, ...some])
  })

  it('is limited to 50,000 members, including existing ones', () => {
    const add = (count: number) => [{ op: 'add', path: 'members', value: many(count) }]
    expect(patchMembers(['before'], add(49_999)).ids).toHaveLength(50_000)
    expect(() => patchMembers(['before'], add(50_000))).toThrow(refusal('tooMany'))
  })
})

describe('a group with members', () => {
  it('is split', () => {
    const group = { displayName: 'g', members: [{ value: 'a', $ref: 'x' }] }
    expect(takeMembers(group)).toEqual({ ids: ['a'], rest: { displayName: 'g' } })
    expect(takeMembers({ displayName: 'g' })).toEqual({ ids: [], rest: { displayName: 'g' } })
  })

  it('may have at most 50,000', () => {
    expect(takeMembers({ members: many(50_000) }).ids).toHaveLength(50_000)
    expect(() => takeMembers({ members: many(50_001) })).toThrow(refusal('tooMany'))
  })
})
