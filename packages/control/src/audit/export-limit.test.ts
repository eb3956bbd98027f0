// Each way in which a download can end frees its place; while it runs, it keeps the place.
import { expect, it } from 'vitest'

import type { AdminContext } from '../http/context.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { createExportLimit } from './export-limit.ts'

type Opened = Awaited<ReturnType<ReturnType<typeof createExportLimit>['stream']>>

const contextOf = (id: string, signal?: AbortSignal) =>
  ({ caller: { id }, signal }) as unknown as AdminContext

async function* listChunks(fails: boolean): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first')
  if (fails) throw new Error('the database is away')
  yield Buffer.from('second')
}
const download = async (fails = false) => ({
  chunks: listChunks(fails),
  headers: { 'content-type': 'text/plain' },
})

const readAll = async (opened: Opened) => {
  expect(opened).toBeInstanceOf(Response)
  return (opened as Response).text()
}

it.each<[string, (limit: ReturnType<typeof createExportLimit>) => Promise<unknown>]>([
  ['it was read', async (limit) => readAll(await limit.stream(contextOf('ada'), () => download()))],
  [
    'reading fails',
    async (limit) => {
      const opened = await limit.stream(contextOf('ada'), () => download(true))
      await expect(readAll(opened)).rejects.toThrow('away')
    },
  ],
  [
    'the client cancels it',
    async (limit) => ((await limit.stream(contextOf('ada'), () => download())) as Response).body?.cancel(),
  ],
  [
    'the client leaves before the first byte',
    async (limit) => {
      const leaving = new AbortController()
      await limit.stream(contextOf('ada', leaving.signal), () => download())
      leaving.abort()
    },
  ],
  [
    'it cannot be made',
    async (limit) => {
      const problem = notFound('There is no such log.')
      expect(await limit.stream(contextOf('ada'), async () => problem)).toBe(problem)
    },
  ],
  [
    'opening it fails',
    async (limit) => {
      const fails = () => Promise.reject(new Error('the database is away'))
      await expect(limit.stream(contextOf('ada'), fails)).rejects.toThrow('away')
    },
  ],
])('a download frees its place once %s', async (_, run) => {
  const limit = createExportLimit()
  for (let count = 0; count < 5; count += 1) await run(limit)
  expect(await readAll(await limit.stream(contextOf('ada'), () => download()))).toBe('firstsecond')
})

it('runs two downloads of a caller and four in all', async () => {
  const limit = createExportLimit()
  const start = (id: string) => limit.stream(contextOf(id), () => download())
  const begun = [await start('ada'), await start('ada'), await start('bob'), await start('cay')]
  expect(begun.filter((it) => isProblem(it as Problem))).toEqual([])
  const busy = { problem: { status: 503 }, headers: { 'retry-after': '5' } }
  expect(await start('dan')).toMatchObject(busy)
  await readAll(begun[2] as Opened)
  expect(await start('ada')).toMatchObject(busy)
  expect(await readAll(await start('dan'))).toBe('firstsecond')
})

it('no cache keeps a download', async () => {
  const opened = await createExportLimit().stream(contextOf('ada'), () => download())
  const { headers } = opened as Response
  expect([headers.get('cache-control'), headers.get('content-type')]).toEqual(['no-store', 'text/plain'])
})
