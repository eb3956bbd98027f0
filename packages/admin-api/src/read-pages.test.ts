// How many pages are read, and how much of each is requested.
import { expect, it } from 'vitest'

import { readPages } from './read-pages.ts'

const ALL = Array.from({ length: 450 }, (_, at) => at)
const lost = [{ collection: 'apps', id: 'a', problem: 'p' }]

it.each([
  [1, [1], true],
  [200, [200], true],
  [201, [200, 1], true],
  [450, [200, 200, 50], false],
  [1000, [200, 200, 200], false],
])('reads %i items by pages of %j', async (limit, limits, truncated) => {
  const asked: number[] = []
  const read = await readPages(limit, async (page) => {
    asked.push(page.limit)
    const start = Number(page.cursor ?? 0)
    const items = ALL.slice(start, start + page.limit)
    const end = start + items.length
    return { items, next: end < ALL.length ? String(end) : null, unreadable: lost }
  })
  expect(asked).toEqual(limits)
  expect(read).toEqual({ items: ALL.slice(0, limit), truncated, unreadable: lost })
})

it('lists nothing as unreadable if the server names nothing', async () => {
  const read = await readPages(5, async () => ({ items: [], next: null }))
  expect(read).toEqual({ items: [], truncated: false, unreadable: [] })
})
