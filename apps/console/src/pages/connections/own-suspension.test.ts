import { describe, expect, it } from 'vitest'

import { changeEach, undoEach, type Changed } from '../../components/selection/change-each.ts'
import { type SuspendCalls, type Suspension, resumeOwn, suspendUnlessHeld } from './own-suspension.ts'

const THEIRS: Suspension = { by: 'usr_sec', since: '2026-01-01T00:00:00.000Z' }

/** Active suspensions, like on a server: a new one replaces the previous one. */
function serverWith(held: Readonly<Record<string, Suspension>>, failing: readonly string[] = []) {
  const holds = new Map(Object.entries(held))
  let clock = 0
  const refuse = (id: string) => {
    if (failing.includes(id)) throw new Error(`no answer about ${id}`)
  }
  const calls: SuspendCalls = {
    readSuspension: (id) => Promise.resolve(id === 'deleted' ? null : holds.get(id)),
    async suspend(id) {
      refuse(id)
      clock += 1
      holds.set(id, { by: 'usr_ada', since: `moment ${clock}` })
      return Promise.resolve(holds.get(id))
    },
    async resume(id) {
      refuse(id)
      return Promise.resolve(holds.delete(id))
    },
  }
  return { holds, calls }
}

const quiet = () => undefined

const suspendEach = (ids: readonly string[], calls: SuspendCalls, progress: (done: number) => void) =>
  changeEach(ids, (id) => suspendUnlessHeld(id, calls), progress)
const resumeEach = (changed: readonly Changed<Suspension | undefined>[], calls: SuspendCalls) =>
  undoEach(changed, (one) => resumeOwn(one, calls))

describe('suspending many connections', () => {
  it('skips suspended connections, and resumes only its own', async () => {
    const { holds, calls } = serverWith({ b: THEIRS })
    const run = await suspendEach(['a', 'b', 'c'], calls, quiet)
    expect(run.changed.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(run.skipped).toEqual(['b'])
    expect(holds.get('b')).toEqual(THEIRS)
    await resumeEach(run.changed, calls)
    expect([...holds]).toEqual([['b', THEIRS]])
  })

  it('goes on after a connection that was deleted meanwhile', async () => {
    const { calls } = serverWith({})
    const run = await suspendEach(['a', 'deleted', 'c'], calls, quiet)
    expect(run.changed.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(run).toMatchObject({ skipped: [], deleted: ['deleted'] })
    expect(run).not.toHaveProperty('failure')
  })

  it('reports what was done before a failure', async () => {
    const { holds, calls } = serverWith({}, ['b'])
    const told: number[] = []
    const run = await suspendEach(['a', 'b', 'c'], calls, (before) => told.push(before))
    expect(run.changed.map(({ id }) => id)).toEqual(['a'])
    expect(String(run.failure?.error)).toContain('no answer about b')
    expect(told).toEqual([0, 1])
    await resumeEach(run.changed, calls)
    expect(holds.size).toBe(0)
  })

  it('does not resume what was suspended again or already resumed', async () => {
    const { holds, calls } = serverWith({})
    const { changed: suspended } = await suspendEach(['a', 'b'], calls, quiet)
    holds.set('a', THEIRS)
    holds.delete('b')
    const resumed: string[] = []
    await resumeEach(suspended, { ...calls, resume: (id) => Promise.resolve(resumed.push(id)) })
    expect(resumed).toEqual([])
    expect([...holds]).toEqual([['a', THEIRS]])
  })

  it('resumes the others if one fails', async () => {
    const { holds, calls } = serverWith({})
    const { changed: suspended } = await suspendEach(['a', 'b'], calls, quiet)
    const failing = {
      ...calls,
      resume: (id: string) =>
        id === 'a' ? Promise.reject(new Error('no answer about a')) : calls.resume(id),
    }
    await expect(resumeEach(suspended, failing)).rejects.toThrow('no answer about a')
    expect([...holds.keys()]).toEqual(['a'])
  })
})
