// When the server looks for what other processes received.
import { expect, it, vi } from 'vitest'

import { followReceived, type FollowReceivedParts } from './follow-received.ts'

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
