import { expect, it } from 'vitest'

import { listScim } from './scim-list.ts'

const IDS = Array.from({ length: 1001 }, (_, index) => `usr_${String(index).padStart(4, '0')}`)
const source = {
  listIds: async () => IDS,
  find: async (ids: readonly string[]) => ids,
  idOf: (id: string) => id,
  render: async (id: string) => ({ id, userName: id, meta: {} }),
  version: async () => 'W/"1"',
}

interface Listed {
  readonly totalResults: number
  readonly Resources: readonly { readonly id: string }[]
}

async function list(query: Readonly<Record<string, string>>): Promise<Listed> {
  return (await listScim({ query: new URLSearchParams(query) }, source)).json() as Promise<Listed>
}

it.each([
  [{}, 0, 100],
  [{ count: '1000' }, 0, 200],
  [{ count: '0' }, 0, 0],
  [{ count: '2', startIndex: '3' }, 2, 2],
  [{ count: '5', startIndex: '1000' }, 999, 2],
  [{ count: '5', startIndex: '1002' }, 1001, 0],
])('a page for %o begins at %i and has %i resources', async (query, begin, length) => {
  const { totalResults, Resources } = await list(query)
  expect(totalResults).toBe(1001)
  expect(Resources.map(({ id }) => id)).toEqual(IDS.slice(begin, begin + length))
})

it('a filter examines every resource once, however many there are', async () => {
  expect((await list({ filter: 'userName sw "usr_"' })).totalResults).toBe(1001)
})
