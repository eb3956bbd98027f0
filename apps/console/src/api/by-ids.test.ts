import { describe, expect, it } from 'vitest'

import { askTogether } from './by-ids.ts'

function recorded(known: readonly string[], most: number) {
  const asked: (readonly string[])[] = []
  const find = askTogether(async (ids) => {
    asked.push(ids)
    return known.filter((id) => ids.includes(id)).map((id) => ({ id, name: `name of ${id}` }))
  }, most)
  return { asked, find }
}

describe('what is asked by ids', () => {
  it('is asked in one request, each id once, and what is not there is null', async () => {
    const { asked, find } = recorded(['a', 'b'], 200)
    const found = await Promise.all(['a', 'b', 'nobody', 'a'].map(find))
    expect(found.map((one) => one?.name)).toEqual(['name of a', 'name of b', undefined, 'name of a'])
    expect(found[2]).toBeNull()
    expect(asked).toEqual([['a', 'b', 'nobody']])
  })

  it('is asked in as many requests as it needs, none longer than is taken', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => String(index))
    const { asked, find } = recorded(ids, 200)
    expect((await Promise.all(ids.map(find))).every((one, index) => one?.id === ids[index])).toBe(true)
    expect(asked.map(({ length }) => length)).toEqual([200, 200, 50])
  })

  it('fails for those whose request failed, and is asked again the next time', async () => {
    let failing = true
    const find = askTogether(async (ids) => {
      if (failing) throw new Error('away')
      return ids.map((id) => ({ id }))
    }, 200)
    await expect(find('a')).rejects.toThrow('away')
    failing = false
    await expect(find('a')).resolves.toEqual({ id: 'a' })
  })
})
