import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'

import { repeatReads } from './repeat-reads.ts'

const queries = new QueryClient()
afterEach(() => queries.clear())

/** A read of a page with scripted responses. */
function show(queryKey: readonly string[]) {
  const waiting: ((rows: string) => void)[] = []
  const queryFn = vi.fn(() => new Promise<string>((resolve) => waiting.push(resolve)))
  const observer = new QueryObserver(queries, { queryKey, queryFn })
  observer.subscribe(() => undefined)
  return {
    queryFn,
    answer: (rows: string) => waiting.shift()?.(rows),
    seen: () => observer.getCurrentResult().data,
  }
}

it('repeats a first read if a change happens during it', async () => {
  const list = show(['decisions'])
  repeatReads(queries)
  list.answer('as before the change')
  await expect.poll(() => list.queryFn.mock.calls.length).toBe(2)
  list.answer('as after it')
  await expect.poll(list.seen).toBe('as after it')
})

it('repeats a finished read once', async () => {
  const list = show(['decisions'])
  list.answer('as before the change')
  await expect.poll(list.seen).toBe('as before the change')
  repeatReads(queries)
  list.answer('as after it')
  await expect.poll(list.seen).toBe('as after it')
  expect(list.queryFn).toHaveBeenCalledTimes(2)
})

it('does not repeat unaffected reads', async () => {
  const list = show(['users'])
  repeatReads(queries, { queryKey: ['decisions'] })
  list.answer('all of them')
  await expect.poll(list.seen).toBe('all of them')
  expect(list.queryFn).toHaveBeenCalledTimes(1)
})
