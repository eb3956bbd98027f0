// What the first write of a use case depends on, and how often a use case starts over.
import type { ObjectStep } from '@crosswalk/storage'
import { zUser } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { findBasis, judgeAndWrite, recordWrite, StaleRevision } from './judged-changes.ts'

const stepOf = (id: string, email: string): ObjectStep => ({
  ...{ collection: 'users', id, at: 0, by: 'x' },
  body: { ...zUser.parse({ id, username: id, email, emailVerified: true }), hasPassword: false },
})

it('depends on the names of all users that it writes, up to its first write', async () => {
  const steps = [stepOf('usr_a', 'a@acme.test'), stepOf('usr_b', 'b@acme.test')]
  await judgeAndWrite(
    async () => 7,
    async () => {
      const { revision, lookedUp } = findBasis(steps) ?? {}
      expect(revision).toBe(7)
      for (const name of ['usr_a', 'a@acme.test', 'usr_b', 'b@acme.test'])
        expect(lookedUp?.keys).toContainEqual(expect.stringContaining(name))
      recordWrite()
      expect(findBasis(steps)).toBeUndefined()
    },
  )
  expect(findBasis(steps)).toBeUndefined()
})

it('starts over with the next revision if another node was first, and not after other faults', async () => {
  let revision = 0
  const judged: (number | undefined)[] = []
  const run = (fault: Error) =>
    judgeAndWrite(
      async () => (revision += 1),
      async () => {
        judged.push(findBasis([])?.revision)
        if (judged.length < 3) throw fault
        return 'written'
      },
    )
  expect(await run(new StaleRevision())).toBe('written')
  expect(judged).toEqual([1, 2, 3])
  judged.splice(0)
  await expect(run(new Error('a disk'))).rejects.toThrow('a disk')
  expect(judged).toEqual([4])
})
