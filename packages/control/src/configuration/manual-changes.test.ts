// Which changes by hand a plan shows: all since a document was applied, at most five, and otherwise the last one.
import { expect, it, vi } from 'vitest'

import { findManualChanges } from './manual-changes.ts'

const revisions = Array.from({ length: 8 }, (_, index) => ({
  ...{ id: 'agent0', revision: 8 - index, at: 0, by: 'ada', removed: index === 0 },
  ...(index === 1 ? { reason: 'incident' } : {}),
}))

function storageWith(listed: readonly object[]) {
  const listRevisions = vi.fn(async (_: string, ids: readonly string[], after: number) =>
    (listed as typeof revisions).filter(({ id, revision }) => ids.includes(id) && revision > after),
  )
  return { storage: { objects: { listRevisions } } as never, listRevisions }
}

const question = (change: object = {}) =>
  ({ action: 'change', collection: 'apps', id: 'agent0', revision: 8, ...change }) as never
const appliedAt = (revision: number) => ({ revision, at: '', by: 'ada' })

async function find(applied: number | undefined, change: object = {}) {
  const parts = storageWith(revisions)
  const last = applied === undefined ? undefined : appliedAt(applied)
  const [found = []] = await findManualChanges(parts as never, [question(change)], last)
  return found.map(({ revision }) => revision)
}

it.each([
  ['no document', undefined, [8]],
  ['the last change', 8, []],
  ['the one before', 7, [8]],
  ['an old revision', 2, [8, 7, 6, 5, 4]],
])('after %s was applied', async (_, applied, expected) => {
  expect(await find(applied)).toEqual(expected)
})

it('shows none of an object that only the file can change', async () => {
  expect(await find(2, { action: 'blocked' })).toEqual([])
})

it('reads no revisions of an object that has not changed since', async () => {
  const parts = storageWith(revisions)
  const find = (revision: number) =>
    findManualChanges(parts as never, [question({ action: 'extra', revision })], appliedAt(7))
  expect(await find(7)).toEqual([[]])
  expect(parts.listRevisions).not.toHaveBeenCalled()
  expect(await find(8)).toMatchObject([[{ revision: 8 }]])
})

it('reads the revisions of many objects at once', async () => {
  const ids = Array.from({ length: 600 }, (_, number) => `app${number}`)
  const parts = storageWith(ids.map((id, at) => ({ ...revisions[1], id, by: `admin${at}` })))
  const questions = [...ids.map((id) => question({ id })), question({ collection: 'groups', id: 'unknown' })]
  const found = await findManualChanges(parts as never, questions, appliedAt(6))
  expect(found.map(([change]) => change?.by)).toEqual([...ids.map((_, at) => `admin${at}`), undefined])
  expect(parts.listRevisions).toHaveBeenCalledTimes(4)
})

it('shows who changed or removed it, when and why', async () => {
  const parts = storageWith(revisions)
  const asked = question({ action: 'create', revision: undefined })
  expect(await findManualChanges(parts as never, [asked], appliedAt(6))).toEqual([
    [
      { revision: 8, at: '1970-01-01T00:00:00.000Z', by: 'ada', removed: true },
      { revision: 7, at: '1970-01-01T00:00:00.000Z', by: 'ada', reason: 'incident', removed: false },
    ],
  ])
})
