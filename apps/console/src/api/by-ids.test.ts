import { describe, expect, it } from 'vitest'

import { batchReads } from './by-ids.ts'

function recorded(known: readonly string[], most: number) {
  const asked: (readonly string[])[] = []
  const find = batchReads(async (ids) => {
    asked.push(ids)
    return known.filter((id) => ids.includes(id)).map((id) => ({ id, name: `name of ${id}` }))
  }, most)
  return { asked, find }
}

describe('batched lookups', () => {
  it('share one request with each id once, and return null for missing objects', async () => {
    const { asked, find } = recorded(['a', 'b'], 200)
    const found = await Promise.all(['a', 'b', 'nobody', 'a'].map(find))
    expect(found.map((one) => one?.name)).toEqual(['name of a', 'name of b', undefined, 'name of a'])
    expect(found[2]).toBeNull()
    expect(asked).toEqual([['a', 'b', 'nobody']])
  })

  it('split into requests of at most the maximum size', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => String(index))
    const { asked, find } = recorded(ids, 200)
    expect((await Promise.all(ids.map(find))).every((one, index) => one?.id === ids[index])).toBe(true)
    expect(asked.map(({ length }) => length)).toEqual([200, 200, 50])
  })

  it('fail only for the ids of a failed request, and are retried next time', async () => {
    let failing = true
    const find = batchReads(async (ids) => {
      if (failing) throw new Error('away')
      return ids.map((id) => ({ id }))
    }, 200)
    await expect(find('a')).rejects.toThrow('away')
    failing = false
    await expect(find('a')).resolves.toEqual({ id: 'a' })
  })
})
