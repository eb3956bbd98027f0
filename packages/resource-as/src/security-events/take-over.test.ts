// Events that another process received while the database fails here: revoked once it responds again, but not repeated
// forever.
import { expect, it } from 'vitest'

import type { AccessTokens } from '../ports.ts'
import type { ReceivedRevocation } from './received-revocations.ts'
import { createTakeOver, mayRevoke, takeOverWithRequests } from './take-over.ts'

const build = (id: string) => ({ id, authorizationServer: 'todo', issuer: 'https://idp.test', subject: id })

/** @param rounds - the new events of each round, and after how many revocations the database fails */
async function follow(rounds: readonly (readonly [fresh: string, failsAfter?: number])[]) {
  const revoked: string[][] = []
  let [round, left] = [-1, Infinity]
  const takeOver = createTakeOver({
    clock: { nowMs: () => 0 },
    receivedRevocations: {
      refresh: async () => (rounds[round]?.[0] ?? '').split('').map(build) as unknown as ReceivedRevocation[],
    },
    accessTokens: {
      async revoke({ issuerSubject }) {
        left -= 1
        if (left < 0) throw new Error('the database does not respond')
        revoked[round]?.push(String(issuerSubject))
        return 1
      },
    } as Pick<AccessTokens, 'revoke'> as AccessTokens,
  })
  const failed: boolean[] = []
  for (const [, failsAfter = Infinity] of rounds) {
    round += 1
    left = failsAfter
    revoked.push([])
    failed.push(
      await takeOver().then(
        () => false,
        () => true,
      ),
    )
  }
  return { failed, revoked: revoked.map((ids) => ids.join('')) }
}

it('repeats new revocations one round later, because tokens decided before may be stored after', async () => {
  expect(await follow([['ab'], ['c'], [''], ['']])).toMatchObject({ revoked: ['ab', 'abc', 'c', ''] })
})

it('loses no revocation if the database fails, however often and at whatever point', async () => {
  expect(await follow([['ab', 0], ['c', 2], ['', 1], [''], ['']])).toEqual({
    failed: [true, true, true, false, false],
    revoked: ['', 'ab', 'a', 'abc', ''],
  })
})

it('looks with a request only if the last look is too long ago, and reports a fault instead of failing it', async () => {
  const clock = { atMs: 0, nowMs: () => clock.atMs }
  const steps: string[] = []
  const look = takeOverWithRequests(
    async () => {
      steps.push(`look at ${clock.atMs}`)
      if (clock.atMs === 500) throw new Error('no database')
    },
    { clock, onFault: (fault) => void steps.push(String(fault)) },
  )
  for (const atMs of [249, 250, 499, 500, 749, 750]) {
    clock.atMs = atMs
    await look()
  }
  expect(steps).toEqual(['look at 250', 'look at 500', 'Error: no database', 'look at 750'])
})

it.each([
  ['with neither setting', {}, false],
  ['with requests disabled', { globalTokenRevocation: false }, false],
  ['with requests', { globalTokenRevocation: true }, true],
  ['with events', { securityEvents: {} }, true],
])('whether an issuer %s may revoke', (_, entry, expected) => {
  expect(mayRevoke(entry as Parameters<typeof mayRevoke>[0])).toBe(expected)
})
