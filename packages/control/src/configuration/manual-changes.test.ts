// Which changes by hand a plan shows: all since a document was applied, at most five, and otherwise the last one.
import { expect, it, vi } from 'vitest'

import { findManualChanges } from './manual-changes.ts'

const history = Array.from({ length: 8 }, (_, index) => ({
  ...{ revision: 8 - index, at: 0, by: 'ada', body: index === 0 ? undefined : {} },
  ...(index === 1 ? { reason: 'incident' } : {}),
}))

async function find(applied: number | undefined, action = 'change') {
  const storage = { objects: { history: async () => history } }
  const last = applied === undefined ? undefined : { revision: applied, at: '', by: 'ada' }
  const about = { action, collection: 'apps', id: 'agent0', revision: 8 } as never
  return (await findManualChanges({ storage } as never, about, last)).map(({ revision }) => revision)
}

it.each([
  ['no document', undefined, [8]],
  ['the last change', 8, []],
  ['the one before', 7, [8]],
  ['an old revision', 2, [8, 7, 6, 5, 4]],
])('after %s was applied', async (_, applied, revisions) => {
  expect(await find(applied)).toEqual(revisions)
})

it('shows none of an object that only the file can change', async () => {
  expect(await find(2, 'blocked')).toEqual([])
})

it('reads no history of an object that has not changed since', async () => {
  const read = vi.fn(async () => history)
  const find = (revision: number) => {
    const about = { action: 'extra', collection: 'apps', id: 'agent0', revision } as never
    const last = { revision: 7, at: '', by: 'ada' }
    return findManualChanges({ storage: { objects: { history: read } } } as never, about, last)
  }
  expect(await find(7)).toEqual([])
  expect(read).not.toHaveBeenCalled()
  expect(await find(8)).toHaveLength(1)
})

it('shows who changed or removed it, when and why', async () => {
  const storage = { objects: { history: async () => history } }
  const about = { action: 'create', collection: 'apps', id: 'agent0', revision: undefined } as never
  const last = { revision: 6, at: '', by: 'ada' }
  expect(await findManualChanges({ storage } as never, about, last)).toEqual([
    { revision: 8, at: '1970-01-01T00:00:00.000Z', by: 'ada', removed: true },
    { revision: 7, at: '1970-01-01T00:00:00.000Z', by: 'ada', reason: 'incident', removed: false },
  ])
})
