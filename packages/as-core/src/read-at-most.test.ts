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
  expect(await readAtMost(chunks(3, 5), 8)).toEqual(Buffer.alloc(8, 7))
  expect(await readAtMost(chunks(3, 6, 1), 8)).toBeUndefined()
  expect(left).toEqual(['read to the end', 'closed', 'closed'])
  expect(await readAtMost(null, 8)).toEqual(Buffer.alloc(0))
  expect(await readAtMost(new Request('https://a.test', { method: 'POST', body: 'abc' }).body, 3)).toEqual(
    Buffer.from('abc'),
  )
})

it('holds no chunk that it has read', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  let first: WeakRef<Uint8Array> | undefined
  async function* drip() {
    for (let index = 0; index < 3; index += 1) {
      const chunk = Uint8Array.of(index)
      first ??= new WeakRef(chunk)
      yield chunk
    }
    await setImmediate()
    collectGarbage()
    expect(first?.deref()).toBeUndefined()
  }
  expect(await readAtMost(drip(), 3)).toEqual(Buffer.of(0, 1, 2))
})
