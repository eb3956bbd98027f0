import { type AuditEvent, digest, parseForm } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { RedemptionDependencies } from './dependencies.ts'
import { revoke } from './revocation.ts'

const TOKEN = 'xat_opaque'
const ID = digest(TOKEN)

function createWorld(issued: object = {}) {
  const live = ['the token']
  const events: AuditEvent[] = []
  const known = { id: ID, authorizationServer: 'main', clientId: 'agent0', accountId: 'acc_1', ...issued }
  const deps = {
    snapshot: () => ({ id: 'main' }),
    accessTokens: {
      find: async (server: string, id: string) => (server === 'main' && id === ID ? known : undefined),
      async revoke(selector: object) {
        expect(selector).toEqual({ authorizationServer: 'main', id: ID })
        return live.splice(0).length
      },
    },
    events: {
      async record(event: AuditEvent) {
        events.push(event)
        live.push('derived in between')
      },
    },
  } as unknown as RedemptionDependencies
  const ask = (clientId: string, token = TOKEN) =>
    revoke({ form: parseForm(`token=${token}`), clientId, nowMs: 1_800_000_000_000 }, deps)
  return { live, events, ask }
}

const DONE = { http: 200, body: {} }

it('revokes before and after the event is recorded, so that a token derived in between is revoked, too', async () => {
  const { live, events, ask } = createWorld()
  expect(await ask('agent0')).toEqual(DONE)
  expect(live).toEqual([])
  expect(events).toMatchObject([{ type: 'token.revoked', actor: { id: 'agent0' } }])
})

it.each<[string, object, string, string]>([
  ['of another client', {}, 'other', TOKEN],
  ['that is already revoked', { revokedAt: 1 }, 'agent0', TOKEN],
  ['that is unknown', {}, 'agent0', 'xat_another'],
])('neither revokes nor records a token %s', async (_, issued, clientId, token) => {
  const { live, events, ask } = createWorld(issued)
  expect(await ask(clientId, token)).toEqual(DONE)
  expect([live, events]).toEqual([['the token'], []])
})
