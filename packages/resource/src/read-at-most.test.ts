import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { readAtMost } from './read-at-most.ts'

const CHUNKS = 100

it('reads a body up to the limit, and does not hold the chunks that it has read', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const chunks: WeakRef<Uint8Array>[] = []
  let index = 0
  const drip = () =>
    new ReadableStream<Uint8Array>({
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
  expect(await readAtMost(drip(), CHUNKS)).toEqual(Uint8Array.from({ length: CHUNKS }, (_, at) => at))
  expect(chunks.filter((chunk) => chunk.deref() !== undefined).length).toBeLessThan(5)
  index = 0
  expect(await readAtMost(drip(), CHUNKS - 1)).toBeUndefined()
  expect(await readAtMost(null, 2)).toEqual(new Uint8Array())
})
