// The end of a sign-in at another identity provider: revokes again once it is recorded, and counts once per issuer.
import type { ReplayKey } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { endUpstream, type EndedUpstream, type EndUpstreamParts } from './end-upstream.ts'

const NOW = 1_800_000_000
const ENDED: EndedUpstream = {
  ...{ issuer: 'https://login.corp.test', tokenId: 'jti-1', types: ['logout'], users: ['usr_alice'] },
  ...{ everywhere: false, endedAt: NOW, rememberedUntil: NOW + 600 },
}

/** @param fails - a step that fails once */
function createWorld(fails?: string) {
  const steps: string[] = []
  const take = (step: string) => {
    if (step === fails) {
      fails = undefined
      throw new Error('the database is away')
    }
    steps.push(step)
  }
  const used = new Set<string>()
  const parts = {
    clock: { nowMs: () => NOW * 1000 },
    events: {
      isUsed: async ({ key }: ReplayKey) => used.has(key),
      async record(_: object, [once]: readonly [ReplayKey]) {
        take('record')
        used.add(once.key)
      },
    },
    async afterSessionEnd({
      userId,
      issuedUntil,
    }: {
      readonly userId: string
      readonly issuedUntil: number
    }) {
      take(`revoke ${userId} until ${issuedUntil - NOW}`)
    },
    outbox: { add: async () => take('send') },
    ofSessionEnd: async () => [],
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

it('ends sessions that began here only if it is about the user everywhere', async () => {
  const { steps, end } = createWorld()
  await end({ everywhere: true })
  const revoke = ['end usr_alice', REVOKE]
  expect(steps).toEqual([...revoke, 'send', 'record', ...revoke])
})

it.each([REVOKE, 'end usr_alice', 'send', 'record'])(
  'a fault at "%s" leaves it to the resent token',
  async (step) => {
    const { steps, end } = createWorld(step)
    await expect(end({ everywhere: true })).rejects.toThrow('away')
    steps.splice(0)
    await end({ everywhere: true })
    expect(steps).toEqual(expect.arrayContaining([REVOKE, 'end usr_alice', 'send', 'record']))
  },
)

it('counts once, whatever the same id means at another issuer', async () => {
  const { steps, end } = createWorld()
  await end()
  steps.splice(0)
  await end()
  expect(steps).toEqual([])
  await end({ issuer: 'https://other.test' })
  expect(steps).toContain('record')
})
