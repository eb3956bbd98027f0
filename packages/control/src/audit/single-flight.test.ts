import { setImmediate as nextTurn } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { createSingleFlight } from './single-flight.ts'

const NEVER = new AbortController().signal

/** Work that finishes or fails on command. */
function createWork() {
  const begun: { readonly signal: AbortSignal; finish(answer: string): void; fail(error: Error): void }[] = []
  const work = (signal: AbortSignal) =>
    new Promise<string>((finish, fail) => begun.push({ signal, finish, fail }))
  return { begun, work }
}

describe('work that is done one at a time', () => {
  it('is shared by concurrent callers, and runs again for later ones', async () => {
    const { begun, work } = createWork()
    const one = createSingleFlight<string>()
    const answers = [1, 2, 3].map(async () => one.run('all', NEVER, work))
    expect(begun).toHaveLength(1)
    begun[0]?.finish('done')
    expect(await Promise.all(answers)).toEqual(['done', 'done', 'done'])
    const later = one.run('all', NEVER, work)
    begun[1]?.finish('again')
    expect(await later).toBe('again')
  })

  it('excludes other work', async () => {
    const { begun, work } = createWork()
    const one = createSingleFlight<string>()
    const first = one.run('all', NEVER, work)
    expect(await one.run('other', NEVER, work)).toBeUndefined()
    begun[0]?.finish('done')
    await first
    const other = one.run('other', NEVER, work)
    begun[1]?.finish('other')
    expect(await other).toBe('other')
  })

  it('goes on while any caller waits, and is aborted when the last has left', async () => {
    const { begun, work } = createWork()
    const one = createSingleFlight<string>()
    const [a, b] = [new AbortController(), new AbortController()]
    const answers = [a, b].map(({ signal }) => one.run('all', signal, work))
    a.abort()
    expect(await answers[0]).toBeUndefined()
    expect(begun[0]?.signal.aborted).toBe(false)
    b.abort()
    expect(await answers[1]).toBeUndefined()
    expect(begun[0]?.signal.aborted).toBe(true)
    // A new caller starts a new run, although the aborted run has not settled yet.
    const next = one.run('all', NEVER, work)
    begun[0]?.fail(new Error('ended'))
    await nextTurn()
    begun[1]?.finish('new')
    expect(await next).toBe('new')
  })

  it('that fails rejects for all waiting callers, and does not affect the next run', async () => {
    const { begun, work } = createWork()
    const one = createSingleFlight<string>()
    const answers = [1, 2].map(() => one.run('all', NEVER, work))
    begun[0]?.fail(new Error('no disk'))
    for (const answer of answers) await expect(answer).rejects.toThrow('no disk')
    const next = one.run('all', NEVER, work)
    begun[1]?.finish('fine')
    expect(await next).toBe('fine')
  })
})
