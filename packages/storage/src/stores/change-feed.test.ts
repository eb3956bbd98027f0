import { expect, test } from 'vitest'

import type { Engine } from '../dialects/dialect.ts'
import { createChangeFeed } from './change-feed.ts'

/** A feed whose reads of the revision are answered by hand. */
async function createHeldFeed() {
  const reads: PromiseWithResolvers<number>[] = []
  let look = () => {}
  const engine = {
    async watchObjects(listener: () => void) {
      look = listener
      return async () => undefined
    },
  } as Partial<Engine> as Engine
  const feed = createChangeFeed(engine, () => {
    const read = Promise.withResolvers<number>()
    reads.push(read)
    return read.promise
  })
  const heard: number[] = []
  const listening = feed.onChange((revision) => heard.push(revision))
  reads[0]?.resolve(0)
  await listening
  return { feed, heard, reads, tell: () => look() }
}

test('looks again for a change that is told while it looks', async () => {
  const { heard, reads, tell } = await createHeldFeed()
  tell()
  // Committed after the first look was read, and told before its answer is here.
  tell()
  reads[1]?.resolve(1)
  await expect.poll(() => reads.length).toBe(3)
  reads[2]?.resolve(2)
  await expect.poll(() => heard).toEqual([1, 2])
})

test('looks once for a change that is told once', async () => {
  const { heard, reads, tell } = await createHeldFeed()
  tell()
  reads[1]?.resolve(1)
  await expect.poll(() => heard).toEqual([1])
  expect(reads).toHaveLength(2)
})

test('looks again a second after a look that failed, and not once it is closed', async () => {
  const { feed, heard, reads, tell } = await createHeldFeed()
  tell()
  reads[1]?.reject(new Error('every connection is in use'))
  await expect.poll(() => reads.length, { timeout: 3000 }).toBe(3)
  reads[2]?.resolve(1)
  await expect.poll(() => heard).toEqual([1])
  await feed.close()
  tell()
  expect(reads).toHaveLength(3)
})
