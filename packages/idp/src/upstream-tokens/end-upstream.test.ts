// The end of a sign-in at another identity provider: revokes again once it is recorded, and counts once per issuer.
import type { ReplayKey } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { endUpstream, type EndedUpstream, type EndUpstreamParts } from './end-upstream.ts'

const NOW = 1_800_000_000
const ENDED: EndedUpstream = {
  ...{ issuer: 'https://login.corp.test', tokenId: 'jti-1', types: ['logout'], users: ['usr_alice'] },
  ...{ everywhere: false, endedAt: NOW, rememberedUntil: NOW + 600 },
}

/** @param fails - the number of a step that fails once */
function createWorld(fails?: number) {
  const steps: string[] = []
  let taken = 0
  const take = (step: string) => {
    taken += 1
    if (taken === fails) throw new Error('the database is away')
    steps.push(step)
  }
  const used = new Set<string>()
  const parts = {
    clock: { nowMs: () => NOW * 1000 },
    events: {
      isUsed: async ({ key }: ReplayKey) => used.has(key),
      async record(_: object, [once]: readonly [ReplayKey]) {
        if (used.has(once.key)) return once
        take('record')
        used.add(once.key)
        return undefined
      },
      async useOnce([once]: readonly [ReplayKey]) {
        used.add(once.key)
      },
    },
    async revokeSession({ userId, issuedUntil }: { readonly userId: string; readonly issuedUntil: number }) {
      take(`revoke ${userId} until ${issuedUntil - NOW}`)
    },
    securityEvents: { outbox: { add: async () => take('send') }, ofSessionEnd: async () => [] },
    endSessionsOfUser: async (userId: string) => take(`end ${userId}`),
  } as unknown as EndUpstreamParts
  const end = (change: Partial<EndedUpstream> = {}) => endUpstream({ ...ENDED, ...change }, parts)
  return { steps, end }
}

const REVOKE = 'revoke usr_alice until 60'

it('revokes before and after it is recorded, because an exchange may overlap', async () => {
  const { steps, end } = createWorld()
  await end()
  expect(steps).toEqual([REVOKE, 'send', 'record', REVOKE])
})

it('revokes what each user of the sign-in got', async () => {
  const { steps, end } = createWorld()
  await end({ users: ['usr_alice', 'usr_bob'] })
  const both = [REVOKE, 'revoke usr_bob until 60']
  expect(steps).toEqual([...both, 'send', 'record', ...both])
})

it('ends sessions that began here only if it is about the user everywhere', async () => {
  const { steps, end } = createWorld()
  await end({ everywhere: true })
  const revoke = ['end usr_alice', REVOKE]
  expect(steps).toEqual([...revoke, 'send', 'record', ...revoke])
})

it('leaves a fault at any step to the resent token, which is recorded once', async () => {
  const whole = createWorld()
  await whole.end({ everywhere: true })
  for (const step of whole.steps.keys()) {
    const { steps, end } = createWorld(step + 1)
    await expect(end({ everywhere: true })).rejects.toThrow('away')
    const before = steps.splice(0)
    await end({ everywhere: true })
    const expected = whole.steps.filter((one) => one !== 'record' || !before.includes(one))
    expect([step, steps]).toEqual([step, expected])
  }
})

it('counts once, whatever the same id means at another issuer', async () => {
  const { steps, end } = createWorld()
  await end()
  steps.splice(0)
  await end()
  expect(steps).toEqual([])
  await end({ issuer: 'https://other.test' })
  expect(steps).toContain('record')
})
