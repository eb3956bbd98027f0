// Events that another process received while the database fails here: revoked once it responds again, but not repeated
// forever.
import type { AccessTokens, ReceivedRevocation } from '@crosswalk/resource-as'
import { expect, it, vi } from 'vitest'

import { createTakeOver, followReceived, type FollowReceivedParts } from './follow-received.ts'

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

it.each<[string, object, boolean]>([
  ['its security events', { securityEvents: {} }, true],
  ['its Global Token Revocation requests', { globalTokenRevocation: true }, true],
  ['neither', { globalTokenRevocation: false }, false],
])(
  'looks for what other processes received from an issuer, if the server accepts %s',
  async (_, trust, looks) => {
    vi.useFakeTimers()
    let rounds = 0
    const stop = followReceived(
      {
        redemption: () => new Map([['todo', { definition: { trustedIssuers: [trust] } }]]),
        endsSessions: false,
      } as unknown as FollowReceivedParts,
      async () => void (rounds += 1),
    )
    await vi.advanceTimersByTimeAsync(1000)
    await stop()
    vi.useRealTimers()
    expect(rounds > 0).toBe(looks)
  },
)
