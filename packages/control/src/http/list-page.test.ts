import { expect, it } from 'vitest'

import { listPage } from './list-page.ts'

const IDS = ['a', 'b', 'c', 'd']

it.each([
  [1, [['a'], ['b'], ['c'], ['d']]],
  [3, [['a', 'b', 'c'], ['d']]],
  [4, [['a', 'b', 'c', 'd']]],
])('pages of %i have each item once, and none is empty', async (limit, expected) => {
  const pages: (readonly string[])[] = []
  let cursor: string | undefined
  do {
    const reply = await listPage(IDS, { limit, ...(cursor === undefined ? {} : { cursor }) }, (id) => id)
    const { items, next } = (reply as { body: { items: string[]; next: string | null } }).body
    pages.push(items)
    cursor = next ?? undefined
  } while (cursor !== undefined && pages.length <= IDS.length)
  expect(pages).toEqual(expected)
})

it('an item that is filtered out takes no place on a page', async () => {
  const reply = await listPage(IDS, { limit: 2 }, (id) => (id === 'b' || id === 'd' ? undefined : id))
  expect(reply).toEqual({ status: 200, body: { items: ['a', 'c'], next: null } })
})

it.each([
  ['a NUL, which PostgreSQL refuses', 'id:a\0'],
  ['no id', 'a'],
])('a cursor with %s is refused', async (_, text) => {
  const cursor = Buffer.from(text).toString('base64url')
  expect(await listPage(IDS, { limit: 2, cursor }, (id) => id)).toMatchObject({
    problem: { status: 400, errors: [{ path: '/cursor' }] },
  })
})
