import { type AuditEvent, digest, parseForm, type ReplayKey } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { RedemptionDependencies } from './dependencies.ts'
import { revoke } from './revocation.ts'

const TOKEN = 'xat_opaque'
const ID = digest(TOKEN)

function createWorld() {
  const live = ['the token']
  const events: AuditEvent[] = []
  const faults: Error[] = []
  const used = new Set<string>()
  const known = { id: ID, authorizationServer: 'main', clientId: 'agent0', accountId: 'acc_1' }
  const deps = {
    snapshot: () => ({ id: 'main' }),
    accessTokens: {
      find: async (server: string, id: string) => (server === 'main' && id === ID ? known : undefined),
      async revoke(selector: object) {
        expect(selector).toEqual({ authorizationServer: 'main', id: ID })
        Object.assign(known, { revokedAt: 1 })
        return live.splice(0).length
      },
    },
    events: {
      async record(event: AuditEvent, [once]: readonly [ReplayKey]) {
        const fault = faults.pop()
        if (fault !== undefined) throw fault
        if (used.has(once.key)) return once
        used.add(once.key)
        events.push(event)
        live.push('derived in between')
        return undefined
      },
    },
  } as unknown as RedemptionDependencies
  const ask = (clientId: string, token = TOKEN) =>
    revoke({ form: parseForm(`token=${token}`), clientId, nowMs: 1_800_000_000_000 }, deps)
  return { live, events, faults, ask }
}

const DONE = { http: 200, body: {} }

it('revokes before and after the event is recorded, so that a token derived in between is revoked, too', async () => {
  const { live, events, ask } = createWorld()
  expect(await ask('agent0')).toEqual(DONE)
  expect(live).toEqual([])
  expect(events).toMatchObject([{ type: 'token.revoked', actor: { id: 'agent0' } }])
})

it('records a revocation once, even if a fault interrupts the first request', async () => {
  const { live, events, faults, ask } = createWorld()
  faults.push(new Error('database is locked'))
  await expect(ask('agent0')).rejects.toThrow('database is locked')
  expect(live).toEqual([])
  for (let request = 0; request < 2; request += 1) expect(await ask('agent0')).toEqual(DONE)
  expect([live, events]).toMatchObject([[], [{ type: 'token.revoked' }]])
})

it.each([
  ['of another client', 'other', TOKEN],
  ['that is unknown', 'agent0', 'xat_another'],
])('neither revokes nor records a token %s', async (_, clientId, token) => {
  const { live, events, ask } = createWorld()
  expect(await ask(clientId, token)).toEqual(DONE)
  expect([live, events]).toEqual([['the token'], []])
})

it('revokes nothing without a token, and says what is missing', async () => {
  const { live, ask } = createWorld()
  expect(await ask('agent0', '')).toMatchObject({ http: 400, body: { error: 'invalid_request' } })
  expect(live).toHaveLength(1)
})
