import { setTimeout as wait } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { itOnDatabases } from '../../../../../tools/test-databases.ts'
import { openStorage } from '../../open-storage.ts'
import { createTakeTurn } from './turns.ts'

itOnDatabases('takeTurn returns the result or throws the fault of its work on $name', async (kind) => {
  const storage = await openStorage(await kind.create())
  expect(await storage.takeTurn(async () => 'done')).toBe('done')
  await expect(storage.takeTurn(() => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
  expect(await storage.takeTurn(async () => (await storage.objects.revision()) >= 0)).toBe(true)
  await storage.close()
})

itOnDatabases('two processes do not work at the same time in their turns on $name', async (kind) => {
  const url = await kind.create()
  const nodes = [await openStorage(url), await openStorage(url)]
  let [now, most] = [0, 0]
  const work = async () => {
    now += 1
    most = Math.max(most, now)
    await wait(20)
    now -= 1
  }
  await Promise.all(
    nodes.map(async (node) => {
      for (let turn = 0; turn < 5; turn += 1) await node.takeTurn(work)
    }),
  )
  // Processes on one SQLite file retry instead.
  expect(most).toBe(kind.name === 'postgres' ? 1 : 2)
  await Promise.all(nodes.map((node) => node.close()))
})

it('without a turn, the work is done anyway, and the connection is returned to the pool', async () => {
  const done: string[] = []
  const connection = {
    async query(text: unknown) {
      done.push(String(text).slice(0, 8))
      if (String(text).startsWith('begin')) throw new Error('canceling statement due to lock timeout')
      return {} as never
    },
    release: () => void done.push('released'),
  }
  const takeTurn = createTakeTurn({ connect: async () => connection })
  await takeTurn(async () => void done.push('work'))
  expect(done).toEqual(['begin; s', 'work', 'rollback', 'released'])
})
