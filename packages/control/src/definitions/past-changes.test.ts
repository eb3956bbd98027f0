// The history of large groups is read in small parts, and no change is missed between them.
import { openStorage } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { iteratePastChanges } from './past-changes.ts'

it.each([
  ['groups', 3],
  ['apps', 250],
])('yields every change of %s, in order, from at most %i states at once', async (collection, atOnce) => {
  const storage = await openStorage('sqlite::memory:')
  let readAtOnce = 0
  const count = async <T extends readonly unknown[]>(found: Promise<T>) => {
    readAtOnce = Math.max(readAtOnce, (await found).length)
    return found
  }
  const { objects } = storage
  const counted = {
    ...objects,
    findManyAt: (...args: Parameters<typeof objects.findManyAt>) => count(objects.findManyAt(...args)),
    changesBetween: (...args: Parameters<typeof objects.changesBetween>) =>
      count(objects.changesBetween(...args)),
  }
  const ids = Array.from({ length: 300 }, (_, index) => `o${index}`)
  const put = (id: string, body: string) => ({ collection, id, body, by: 'adm', at: 1 })
  await objects.changeAll(ids.map((id) => put(id, 'first')))
  await objects.changeAll(ids.flatMap((id) => [put(id, 'second'), put(id, 'third')]))
  await objects.put(put('new', 'first'))
  const until = await objects.revision()
  const found = new Map<string, unknown[]>()
  for await (const { id, before, after } of iteratePastChanges(counted, collection, { after: 300, until }))
    found.set(id, [...(found.get(id) ?? []), before, after])
  expect(found).toEqual(new Map(ids.map((id) => [id, ['first', 'second', 'second', 'third']])))
  expect(readAtOnce).toBe(atOnce)
  await storage.close()
})
