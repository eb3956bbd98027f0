import { setImmediate as nextTurn } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import type { MappedUser } from './map-entries.ts'
import { type Known, planSync } from './plan-sync.ts'

const said = (name: string, more: object = {}): MappedUser => ({
  id: `usr_${name}`,
  input: {
    ...{ username: name, externalId: name, email: null, emailVerified: false, name: null },
    ...{ active: true, attributes: {}, ...more },
  },
})
const item = (name: string, more: object = {}): Known['users'][number] =>
  ({
    definition: {
      ...{ id: `usr_${name}`, username: name, externalId: name, emailVerified: false },
      ...{ active: true, attributes: {}, groups: [], ...more },
    },
  }) as unknown as Known['users'][number]
const group = (id: string, members: readonly string[]) =>
  ({ definition: { id, name: id, members } }) as unknown as Known['groups'][number]

const TEN = Array.from({ length: 10 }, (_, index) => `u${index}`)

function plan(
  known: readonly Known['users'][number][],
  users: readonly MappedUser[],
  {
    groups = [],
    read = [],
    percent = 20,
    readsGroups = true,
  }: {
    readonly groups?: Known['groups']
    readonly read?: readonly { readonly name: string; readonly members: readonly string[] }[]
    readonly percent?: number
    readonly readsGroups?: boolean
  } = {},
) {
  return planSync(
    { users: known, groups },
    { users, groups: read.map((one) => ({ ...one, externalId: null })), problems: [] },
    { groupPrefix: '', maxVanishedPercent: percent, readsGroups },
  )
}

describe('the limit for vanished entries in one run', () => {
  const known = TEN.map((name) => item(name))
  const without = (count: number) => TEN.slice(count).map((name) => said(name))

  it.each([
    [0, 20, 0],
    [2, 20, 2],
    [3, 20, '3 of 10 users would vanish in one run, but maxVanishedPercent is 20'],
    [1, 0, 1],
    [2, 0, '2 of 10 users would vanish in one run, but maxVanishedPercent is 0'],
    [9, 100, 9],
    [10, 100, 'the directory returned no users at all, but 10 are known'],
  ])('%i of ten with %i percent', async (gone, percent, expected) => {
    const found = await plan(known, without(gone), { percent })
    expect(typeof found === 'string' ? found : found.stop.length).toEqual(expected)
  })

  it('lets one user of two vanish, but not the only one', async () => {
    expect(await plan([item('a'), item('b')], [said('a')], { percent: 0 })).toMatchObject({ stop: ['usr_b'] })
    expect(await plan([item('a')], [], { percent: 100 })).toMatch(/no users at all, but 1 are known/)
    expect(await plan([], [])).toMatchObject({ stop: [] })
  })

  it('counts newly disabled users, but not those disabled before', async () => {
    const disabled = TEN.map((name, index) => said(name, { active: index > 2 }))
    expect(await plan(known, disabled)).toMatch(/^3 of 10 users/)
    const before = TEN.map((name, index) => item(name, { active: index > 2 }))
    expect(await plan(before, disabled)).toMatchObject({ stop: [], update: [] })
  })

  it('applies to groups, too', async () => {
    const groups = TEN.map((name) => group(name, ['usr_u0']))
    const read = TEN.slice(3).map((name) => ({ name, members: ['usr_u0'] }))
    expect(await plan(known, without(0), { groups, read })).toMatch(/^3 of 10 groups/)
    expect(await plan(known, without(0), { groups, read: [] })).toMatch(/no groups at all/)
  })

  it('counts groups that become empty, but not those that were empty before', async () => {
    const read = TEN.map((name, index) => ({ name, members: index > 2 ? ['usr_u0'] : [] }))
    const groups = read.map(({ name, members }) => group(name, members))
    expect(await plan(known, without(0), { groups, read, percent: 0 })).toMatchObject({ updateGroups: [] })
    const emptied = read.map((one, index) => (index > 4 ? one : { ...one, members: [] }))
    expect(await plan(known, without(0), { groups, read: emptied, percent: 0 })).toMatch(/^2 of 7 groups/)
  })

  it('does not apply to groups that the configuration no longer reads', async () => {
    const groups = TEN.map((name) => group(name, ['usr_u0']))
    expect(await plan(known, without(1), { groups, readsGroups: false })).toMatchObject({
      ...{ stop: ['usr_u0'], removeGroups: TEN },
    })
  })
})

it('only deactivates a user who is disabled, and also changes one who is renamed at once', async () => {
  const known = [item('a'), item('b'), item('c')]
  const read = [said('a', { active: false }), said('b', { active: false, name: 'New' }), said('c')]
  const found = await plan(known, read, { percent: 100 })
  if (typeof found === 'string') throw new Error(found)
  expect(found.stop).toEqual(['usr_a', 'usr_b'])
  expect(found.update.map(({ user }) => user.id)).toEqual(['usr_b'])
})

it('deactivates, adds and changes only what differs', async () => {
  const known = [item('gone'), item('same'), item('renamed'), item('back', { active: false })]
  const found = await plan(
    known,
    [said('same'), said('renamed', { name: 'New' }), said('back'), said('new')],
    {
      groups: [group('old', []), group('kept', ['usr_same'])],
      read: [
        { name: 'kept', members: ['usr_same'] },
        { name: 'fresh', members: [] },
      ],
    },
  )
  if (typeof found === 'string') throw new Error(found)
  expect(found.stop).toEqual(['usr_gone'])
  expect(found.add.map(({ id }) => id)).toEqual(['usr_new'])
  expect(found.update.map(({ user }) => user.id)).toEqual(['usr_renamed', 'usr_back'])
  expect(found.addGroups.map(({ name }) => name)).toEqual(['fresh'])
  expect([found.updateGroups, found.removeGroups]).toEqual([[], ['old']])
})

it.each([
  ['no change', {}, []],
  ['another user name', { username: 'b' }, ['usr_a']],
  ['another address', { email: 'b@acme.test' }, ['usr_a']],
  ['no address', { email: null }, ['usr_a']],
  ['an address that is not verified', { emailVerified: false }, ['usr_a']],
  ['no name', { name: null }, ['usr_a']],
  ['another attribute', { attributes: { team: 'b' } }, ['usr_a']],
  ['no attribute', { attributes: { team: null } }, ['usr_a']],
])('a user with %s', async (_, change, updated) => {
  const now = { email: 'a@acme.test', emailVerified: true, name: 'A', attributes: { team: 'a' } }
  const found = await plan([item('a', now)], [said('a', { ...now, ...change })])
  if (typeof found === 'string') throw new Error(found)
  expect(found.update.map(({ user }) => user.id)).toEqual(updated)
  expect([found.stop, found.add]).toEqual([[], []])
})

it.each<[string, readonly string[], boolean]>([
  ['the same members, in another order', ['usr_b', 'usr_a'], false],
  ['a member more', ['usr_a', 'usr_b', 'usr_c'], true],
  ['a member less', ['usr_a'], true],
  ['another member', ['usr_a', 'usr_c'], true],
])('a group with %s', async (_, members, isChanged) => {
  const read = [{ name: 'staff', members: members.toSorted() }]
  const found = await plan([], [], { groups: [group('staff', ['usr_b', 'usr_a'])], read })
  expect(found).toMatchObject({ updateGroups: isChanged ? [{ id: 'staff' }] : [] })
})

it('a group with another id or name in the directory is changed', async () => {
  const changes = (change: object, name = 'staff') =>
    planSync(
      { users: [], groups: [{ definition: { id: 'staff', name, externalId: 'g-1', members: [] } }] as never },
      { users: [], problems: [], groups: [{ name: 'staff', externalId: 'g-1', members: [], ...change }] },
      { groupPrefix: '', maxVanishedPercent: 20, readsGroups: true },
    )
  expect(await changes({})).toMatchObject({ updateGroups: [] })
  expect(await changes({ externalId: 'g-2' })).toMatchObject({ updateGroups: [{ id: 'staff' }] })
  expect(await changes({ externalId: null })).toMatchObject({ updateGroups: [{ id: 'staff' }] })
  expect(await changes({}, 'Crew')).toMatchObject({ updateGroups: [{ id: 'staff' }] })
})

it('a user who is disabled from the start is not added', async () => {
  expect(await plan([], [said('off', { active: false })])).toMatchObject({ add: [], stop: [] })
})

it('lets other work run while it compares many users and groups', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `u${index}`)
  let isDone = false
  let turns = 0
  const groups = TEN.map((name) => group(name, ['usr_u0']))
  const planning = plan(
    names.map((name) => item(name)),
    names.map((name) => said(name)),
    { groups, read: TEN.map((name) => ({ name, members: ['usr_u0'] })) },
  )
  void planning.finally(() => (isDone = true))
  while (!isDone) {
    await nextTurn()
    turns += 1
  }
  // 250 users at a time, three times, and each group
  expect(turns).toBeGreaterThanOrEqual(3 * 3 + 10)
})
