import { expect, it } from 'vitest'

import { nextSorting, sortItems } from './sort.ts'
import type { Column } from './table-types.ts'

interface Item {
  readonly name: string
  readonly used?: number
}

const COLUMNS: readonly Column<Item>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name, sort: ({ name }) => name },
  { id: 'used', header: 'Used', cell: ({ used }) => used, sort: ({ used }) => used },
  { id: 'plain', header: 'Plain', cell: () => '' },
]
const ITEMS: readonly Item[] = [{ name: 'app 10', used: 3 }, { name: 'app 9' }, { name: 'App 2', used: 20 }]

it.each([
  [{ id: 'name', descending: false }, ['App 2', 'app 9', 'app 10']],
  [{ id: 'name', descending: true }, ['app 10', 'app 9', 'App 2']],
  [{ id: 'used', descending: false }, ['app 10', 'App 2', 'app 9']],
  [{ id: 'used', descending: true }, ['App 2', 'app 10', 'app 9']],
  [{ id: 'plain', descending: false }, ['app 10', 'app 9', 'App 2']],
  [undefined, ['app 10', 'app 9', 'App 2']],
])('sorts by %j, what has no value last', (sorting, names) => {
  expect(sortItems(ITEMS, COLUMNS, sorting).map(({ name }) => name)).toEqual(names)
})

it('cycles through ascending, descending and server order', () => {
  const ascending = nextSorting('name', undefined)
  const descending = nextSorting('name', ascending)
  expect([ascending, descending, nextSorting('name', descending)]).toEqual([
    { id: 'name', descending: false },
    { id: 'name', descending: true },
    undefined,
  ])
  expect(nextSorting('used', ascending)).toEqual({ id: 'used', descending: false })
})
