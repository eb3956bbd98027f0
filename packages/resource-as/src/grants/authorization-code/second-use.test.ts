// An authorization code that is used twice: whatever was issued for it is revoked, and that is recorded once.
import type { AuditEvent, ReplayKey } from '@crosswalk/as-core'
import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { CodeDependencies } from '../../dependencies.ts'
import { createAuthorizationCode } from './authorization-code-grant.ts'
import type { ObservedCode } from './observe-code.ts'

const REPLAYED = { code: 'XAA2504' } as DecisionRecord
const CODE = {
  ...{ jti: 'code-1', exp: 1_800_000_060, issuer: 'https://as.vendor.test' },
  ...{ clientId: 'agent0', subject: 'alice', accountId: 'acc_1' },
}

/** @param fails - the number of a step that fails once */
function createWorld(fails?: number) {
  const live = ['the token']
  const events: AuditEvent[] = []
  const used = new Set<string>()
  let steps = 0
  const take = () => {
    steps += 1
    if (steps === fails) throw new Error('the database is away')
  }
  const deps = {
    snapshot: () => ({ id: 'main' }),
    clock: { nowMs: () => 1_800_000_000_000 },
    accessTokens: {
      async revoke() {
        take()
        return live.splice(0).length
      },
    },
    events: {
      async record(event: AuditEvent, [once]: readonly ReplayKey[] = []) {
        take()
        if (once !== undefined && used.has(once.key)) return once
        if (once !== undefined) used.add(once.key)
        events.push(event)
        live.push('derived in between')
        return undefined
      },
    },
  } as unknown as CodeDependencies
  const { afterRefusal } = createAuthorizationCode(deps)
  const useAgain = async () => afterRefusal?.(REPLAYED, { code: CODE } as unknown as ObservedCode)
  return { live, events, useAgain, steps: () => steps }
}

it('revokes a token that was derived while the revocation was recorded', async () => {
  const { live, events, useAgain } = createWorld()
  await useAgain()
  expect([live, events]).toMatchObject([[], [{ type: 'token.revoked', change: { revoked_tokens: 1 } }]])
})

it('completes after a fault at any step, and is recorded once', async () => {
  const whole = createWorld()
  await whole.useAgain()
  for (let step = 1; step <= whole.steps(); step += 1) {
    const { live, events, useAgain } = createWorld(step)
    await expect(useAgain()).rejects.toThrow('away')
    for (let request = 0; request < 2; request += 1) await useAgain()
    expect([step, live, events.length]).toEqual([step, [], 1])
  }
})
