import { setImmediate as nextTurn } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { createOneAtATime } from './one-at-a-time.ts'

const NEVER = new AbortController().signal

/** Work that ends when it is told to. */
function createWork() {
  const begun: { readonly signal: AbortSignal; finish(answer: string): void; fail(error: Error): void }[] = []
  const work = (signal: AbortSignal) =>
    new Promise<string>((finish, fail) => begun.push({ signal, finish, fail }))
  return { begun, work }
}

describe('work that is done one at a time', () => {
  it('is done once for all who ask for the same meanwhile, and again for who asks later', async () => {
    const { begun, work } = createWork()
    const one = createOneAtATime<string>()
    const answers = [1, 2, 3].map(async () => one.run('all', NEVER, work))
    expect(begun).toHaveLength(1)
    begun[0]?.finish('done')
    expect(await Promise.all(answers)).toEqual(['done', 'done', 'done'])
    const later = one.run('all', NEVER, work)
    begun[1]?.finish('again')
    expect(await later).toBe('again')
  })

  it('leaves no room for other work beside it', async () => {
    const { begun, work } = createWork()
    const one = createOneAtATime<string>()
    const first = one.run('all', NEVER, work)
    expect(one.run('other', NEVER, work)).toBeUndefined()
    begun[0]?.finish('done')
    await first
    expect(one.run('other', NEVER, work)).toBeDefined()
  })

  it('goes on while anyone waits, and ends when the last of them has left', async () => {
    const { begun, work } = createWork()
    const one = createOneAtATime<string>()
    const [a, b] = [new AbortController(), new AbortController()]
    const answers = [a, b].map(({ signal }) =>
      one.run('all', signal, work)?.catch((error: Error) => error.message),
    )
    a.abort(new Error('a left'))
    expect(await answers[0]).toBe('a left')
    expect(begun[0]?.signal.aborted).toBe(false)
    b.abort(new Error('b left'))
    expect(await answers[1]).toBe('b left')
    expect(begun[0]?.signal.aborted).toBe(true)
    // A caller that comes now begins again, although the run that was ended has not noticed yet.
    const next = one.run('all', NEVER, work)
    begun[0]?.fail(new Error('ended'))
    await nextTurn()
    begun[1]?.finish('new')
    expect(await next).toBe('new')
  })

  it('that fails fails for all who wait, and does not stand in the way of the next', async () => {
    const { begun, work } = createWork()
    const one = createOneAtATime<string>()
    const answers = [1, 2].map(() => one.run('all', NEVER, work))
    begun[0]?.fail(new Error('no disk'))
    for (const answer of answers) await expect(answer).rejects.toThrow('no disk')
    const next = one.run('all', NEVER, work)
    begun[1]?.finish('fine')
    expect(await next).toBe('fine')
  })
})
