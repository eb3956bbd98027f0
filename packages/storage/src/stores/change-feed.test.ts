import { expect, test } from 'vitest'

import type { Engine } from '../dialects/dialect.ts'
import { createChangeFeed } from './change-feed.ts'

/** A feed whose revision reads the test resolves. */
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

test('looks again for a change announced during a look', async () => {
  const { heard, reads, tell } = await createHeldFeed()
  tell()
  // The change is committed after the first look was read, and announced before its result arrives.
  tell()
  reads[1]?.resolve(1)
  await expect.poll(() => reads.length).toBe(3)
  reads[2]?.resolve(2)
  await expect.poll(() => heard).toEqual([1, 2])
})

test('looks once for one announcement', async () => {
  const { heard, reads, tell } = await createHeldFeed()
  tell()
  reads[1]?.resolve(1)
  await expect.poll(() => heard).toEqual([1])
  expect(reads).toHaveLength(2)
})

test('looks again a second after a failed look, but not after it is closed', async () => {
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

test('reports listening only once changes are watched, so that none is missed', async () => {
  const watching = Promise.withResolvers<() => Promise<void>>()
  const engine = { watchObjects: () => watching.promise } as Partial<Engine> as Engine
  let isListening = false
  const listening = createChangeFeed(engine, async () => 0)
    .onChange(() => undefined)
    .then(() => (isListening = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isListening).toBe(false)
  watching.resolve(async () => undefined)
  await listening
})
