import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { readAtMost } from './read-at-most.ts'

it('reads a body of exactly the limit, and stops one byte beyond it', async () => {
  const left: string[] = []
  async function* chunks(...sizes: readonly number[]) {
    try {
      for (const size of sizes) yield new Uint8Array(size).fill(7)
      left.push('read to the end')
    } finally {
      left.push('closed')
    }
  }
  expect(await readAtMost(chunks(3, 5), 8)).toEqual(new Uint8Array(8).fill(7))
  expect(await readAtMost(chunks(3, 6, 1), 8)).toBeUndefined()
  expect(left).toEqual(['read to the end', 'closed', 'closed'])
  expect(await readAtMost(null, 8)).toEqual(new Uint8Array())
})

it.each([
  [10_000, 1, true],
  [10_001, 1, false],
  [10_001, 63, false],
  [10_001, 64, true],
])('reads %i pieces of %i bytes: %s', async (count, size, isRead) => {
  async function* pieces() {
    for (let sent = 0; sent < count; sent += 1) yield new Uint8Array(size)
  }
  expect((await readAtMost(pieces(), 1_048_576))?.length).toBe(isRead ? count * size : undefined)
})

it('does not wait until a web stream is cancelled', async () => {
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Uint8Array.of(1)),
    cancel() {
      isCancelled = true
      return new Promise(() => undefined)
    },
  })
  expect(await readAtMost(stream, 2)).toBeUndefined()
  await setImmediate()
  expect(isCancelled).toBe(true)
})

const CHUNKS = 100

it('holds no chunk of a web stream that it has read', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const chunks: WeakRef<Uint8Array>[] = []
  let index = 0
  const drip = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (index < CHUNKS) {
        const chunk = Uint8Array.of(index++)
        chunks.push(new WeakRef(chunk))
        controller.enqueue(chunk)
        return
      }
      await setImmediate()
      collectGarbage()
      controller.close()
    },
  })
  expect(await readAtMost(drip, CHUNKS)).toEqual(Uint8Array.from({ length: CHUNKS }, (_, at) => at))
  expect(chunks.filter((chunk) => chunk.deref() !== undefined).length).toBeLessThan(5)
})
