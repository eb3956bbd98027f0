import { describe, expect, it } from 'vitest'

import { chunkIds } from './facts.ts'

const named = (count: number, length = 8) =>
  Array.from({ length: count }, (_, index) => String(index).padStart(length, 'x'))

describe('chunks of ids', () => {
  it('keep the order, and omit none', () => {
    const ids = named(431)
    const chunks = chunkIds(ids)
    expect(chunks.flat()).toEqual(ids)
    expect(chunks).toHaveLength(9)
  })

  it('keep earlier chunks when rows are added', () => {
    expect(chunkIds(named(120)).slice(0, 2)).toEqual(chunkIds(named(100)))
  })

  it('keep URLs short if ids are long once encoded', () => {
    const ids = named(200).map((id) => `https://${id}.test/${'/'.repeat(490)}`)
    const chunks = chunkIds(ids)
    expect(chunks.flat()).toEqual(ids)
    for (const chunk of chunks) expect(encodeURIComponent(chunk.join('\n')).length).toBeLessThanOrEqual(6000)
    expect(encodeURIComponent(ids.join('\n')).length).toBeGreaterThan(16_384)
  })

  it('put an oversized id into its own chunk', () => {
    expect(chunkIds(['a', '/'.repeat(3000), 'b'])).toEqual([['a'], ['/'.repeat(3000)], ['b']])
    expect(chunkIds([])).toEqual([])
  })
})
