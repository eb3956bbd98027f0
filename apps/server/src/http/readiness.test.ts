import { StorageFault } from '@crosswalk/as-core'
import { afterEach, expect, it, vi } from 'vitest'

import { createReadiness } from './readiness.ts'

afterEach(() => {
  vi.useRealTimers()
})

it.each([
  ['nothing is wrong', async () => undefined, []],
  [
    'the disk is full',
    () => Promise.reject(new StorageFault('full', new Error('database or disk is full'))),
    ['storage: the disk of the database is full'],
  ],
  [
    'the database is unreachable',
    () => Promise.reject(new StorageFault('unreachable', new Error('connect ECONNREFUSED'))),
    ['storage: the database cannot be reached'],
  ],
  ['something else is wrong', () => Promise.reject(new Error('x')), ['storage']],
])('reports the cause when %s', async (_title, ping, unready) => {
  expect(await createReadiness({ ping })()).toEqual(unready)
})

it('checks a key in use at each key provider', async () => {
  const asked: unknown[] = []
  const provider = (name: string, trouble: string | undefined) => ({
    name,
    keyInUse: () => `${name}:1`,
    findTrouble: async (uri: string | undefined) => (asked.push(uri), trouble),
  })
  const providers = [provider('hsm', undefined), provider('kms', 'the key is disabled')]
  const findUnready = createReadiness({ ping: async () => undefined }, providers)
  expect(await findUnready()).toEqual(['keys: kms: the key is disabled'])
  expect(asked).toEqual(['hsm:1', 'kms:1'])
})

it('responds within a second although the database hangs, with a single query for all callers', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  let asked = 0
  let answer: () => void = () => undefined
  const hanging = new Promise<void>((resolve) => (answer = resolve))
  const findUnready = createReadiness({
    ping: () => {
      asked += 1
      return hanging
    },
  })
  const answers = Promise.all([findUnready(), findUnready()])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await answers).toEqual([
    ['storage: no response within a second'],
    ['storage: no response within a second'],
  ])
  expect(asked).toBe(1)
  answer()
  await hanging
  await Promise.resolve()
  expect(await findUnready()).toEqual([])
})

it('asks a key provider four times a second, however often it is read', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  let asked = 0
  const findTrouble = async () => void (asked += 1)
  const provider = { name: 'kms', keyInUse: () => 'kms:1', findTrouble }
  const findUnready = createReadiness({ ping: async () => undefined }, [provider])
  await findUnready()
  await vi.advanceTimersByTimeAsync(249)
  await findUnready()
  expect(asked).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  await findUnready()
  expect(asked).toBe(2)
})
