// Both edges of each limit, in chunks that do not end where the lines do.
import { describe, expect, it } from 'vitest'

import { limitBytes, splitLines } from './bounded-content.ts'

async function* chunk(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size))
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe.each([100, 1024, 5000])('in chunks of %i bytes', (size) => {
  it('reads a file up to its limit', async () => {
    const limit = { name: 'a.json', maxBytes: 2048 }
    const read = await collect(limitBytes(chunk('x'.repeat(2048), size), limit))
    expect(Buffer.concat(read)).toHaveLength(2048)
    await expect(collect(limitBytes(chunk('x'.repeat(2049), size), limit))).rejects.toThrow(
      'a.json is larger than 2 KiB',
    )
  })

  it.each([
    ['first', 1, (line: string) => `${line}\nb\n`],
    ['second', 2, (line: string) => `a\n${line}\n`],
    ['last, without a line feed', 3, (line: string) => `a\nb\n${line}`],
  ])('reads a line up to its limit: the %s', async (_, number, place) => {
    const limit = { name: 'a.ndjson', maxLength: 1024 }
    const good = place('x'.repeat(1024))
    expect(await collect(splitLines(chunk(good, size), limit))).toEqual(good.split('\n'))
    await expect(collect(splitLines(chunk(place('x'.repeat(1025)), size), limit))).rejects.toThrow(
      `a.ndjson: line ${number} is longer than 1 KiB`,
    )
  })
})

it('stops reading at the limit', async () => {
  let read = 0
  async function* endless() {
    for (;;) {
      read += 1
      yield Buffer.alloc(1024, 'x')
    }
  }
  await expect(collect(limitBytes(endless(), { name: 'a', maxBytes: 2048 }))).rejects.toThrow('2 KiB')
  await expect(collect(splitLines(endless(), { name: 'a', maxLength: 2048 }))).rejects.toThrow('2 KiB')
  expect(read).toBe(6)
})
