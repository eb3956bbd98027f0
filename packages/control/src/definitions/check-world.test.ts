// Checking a complete result reports new findings only, and lets other work run meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { CHECKS } from '../config-file/checks/all.ts'
import { checkNext } from './check-world.ts'
import type { Items } from './records.ts'
import { parseStoredDefinition } from './stored-items.ts'

const SETTINGS = { baseUrl: 'https://xaa.example' } as Parameters<typeof checkNext>[2]

function groupsOf(members: Readonly<Record<string, readonly string[]>>): Items {
  const groups = Object.entries(members).map(([id, users]) => {
    const definition = parseStoredDefinition('groups', id, { id, members: users })
    return [id, { definition, owner: 'database', revision: 0 }] as const
  })
  const empty = Object.fromEntries(COLLECTION_NAMES.map((it) => [it, new Map()]))
  return { ...empty, groups: new Map(groups) } as unknown as Items
}

it('reports what a change breaks, not what was broken before', async () => {
  const before = groupsOf({ old: ['nobody'] })
  expect(await checkNext(before, before, SETTINGS)).toEqual([])
  const found = await checkNext(before, groupsOf({ old: ['nobody'], new: ['nobody'] }), SETTINGS)
  expect(found.map(({ path }) => path)).toEqual([['groups', 'new', 'members', 0]])
})

it('reports the first hundred unknown names of a list', async () => {
  const find = async (count: number) => {
    const members = Array.from({ length: count }, (_, at) => `usr_${at}`)
    return checkNext(groupsOf({}), groupsOf({ one: members }), SETTINGS)
  }
  expect(await find(100)).toHaveLength(100)
  const found = await find(101)
  expect(found.map(({ path }) => path.at(-1))).toEqual(Array.from({ length: 100 }, (_, at) => at))
})

it('lets other work run between the checks', async () => {
  let isDone = false
  let turns = 0
  const checking = checkNext(groupsOf({}), groupsOf({ one: [] }), SETTINGS)
  void checking.finally(() => (isDone = true))
  while (!isDone) {
    await nextTurn()
    turns += 1
  }
  expect(turns).toBeGreaterThanOrEqual(CHECKS.length)
})
