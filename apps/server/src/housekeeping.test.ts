// Rounds of housekeeping under faults: no task keeps the others from running, and a wrong clock rotates no key.
import { expect, it } from 'vitest'

import { type HousekeepingParts, tidy } from './housekeeping.ts'

interface World {
  /** What fails */
  readonly failing?: string
  /** undefined: the clock of the database jumped */
  readonly cut?: number | undefined
}

async function runRound({ failing, cut }: World) {
  const done: string[] = []
  const task =
    <T>(name: string, result: T) =>
    async () => {
      if (name === failing) throw new Error(name)
      done.push(name)
      return result
    }
  const keysOf = (owner: string) => ({
    rotateIfDue: task(`rotate ${owner}`, true),
    reload: task(`reload ${owner}`, undefined),
  })
  const parts = {
    signingKeys: () => [keysOf('idp'), keysOf('as')],
    revokeHeld: task('revoke', undefined),
    completeChanges: task('complete', undefined),
    storage: {
      expiry: { findCut: async () => cut, forgetExpired: task('forget', { replayKeys: 1 }) },
    },
    receivedRevocations: { forgetExpired: task('forget revocations', undefined) },
  } as unknown as HousekeepingParts
  const fault = await tidy(parts).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { done, fault }
}

const ALL = ['rotate idp', 'rotate as', 'revoke', 'complete', 'forget', 'forget revocations']

it('does everything', async () => {
  expect(await runRound({ cut: 1 })).toEqual({ done: ALL, fault: undefined })
})

it.each(['rotate idp', 'rotate as', 'revoke', 'complete'])(
  'does the rest if "%s" fails, and reports it',
  async (failing) => {
    const { done, fault } = await runRound({ cut: 1, failing })
    expect(done).toEqual(ALL.filter((name) => name !== failing))
    expect(fault).toEqual(new Error(failing))
  },
)

it('neither rotates keys nor deletes data by a clock that jumped', async () => {
  const { done } = await runRound({ cut: undefined })
  expect(done).toEqual(['reload idp', 'reload as', 'revoke', 'complete'])
})
