// Resetting the second factors of a user also tells the receivers of security events what was removed.
import type { OutgoingSecurityEvent } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import type { Signal } from '../security-events/signal.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { createFactorHandlers } from './factors.ts'

const EVENT: OutgoingSecurityEvent = { id: 'jti-1', stream: 's', claims: {}, createdAt: 0 }

it('tells receivers which factors were removed, once for each kind, and nothing if there were none', async () => {
  const [{ storage, parts }] = await openNodes({
    users: ['bob', 'carol'].map((username) => ({ id: `usr_${username}`, username })),
  })
  const told: Signal[] = []
  const ended: string[] = []
  const handlers = createFactorHandlers({
    ...parts,
    signals: { buildEvents: (signals) => (told.push(...signals), [EVENT]) },
    revoker: { ...parts.revoker, endSessions: async (id: string) => void ended.push(id) },
  } as Parameters<typeof createFactorHandlers>[0])
  const passkey = (id: string, transport: string) => ({
    ...{ id, publicKey: 'k', counter: 0, transports: [transport], synced: false },
    ...{ rpId: 'idp.test', name: 'Key', createdAt: 0 },
  })
  await storage.secondFactors.enrolTotp('usr_bob', { sealedSecret: 's', step: 1, at: 0 })
  for (const [id, transport] of Object.entries({ a: 'usb', b: 'internal', c: 'usb' }))
    await storage.secondFactors.addPasskey('usr_bob', passkey(id, transport))
  const context = { ...systemContext('lost'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }
  const reset = (id: string) =>
    handlers['users.resetFactors']({ params: { id }, body: {} } as never, context as never)

  expect(await reset('usr_carol')).toMatchObject({ body: { endedSessions: false } })
  expect([told, ended, await storage.securityEvents.peek('s', 9)]).toEqual([[], [], []])

  expect(await reset('usr_bob')).toMatchObject({
    body: { removed: { authenticatorApp: true, passkeys: 3 }, endedSessions: true },
  })
  expect(ended).toEqual(['usr_bob'])
  const removed = (credential: string) => ({ kind: 'credential-change', credential, change: 'delete' })
  expect(told).toMatchObject([
    { kind: 'session-revoked', initiator: 'admin', user: { id: 'usr_bob' } },
    removed('app'),
    ...['fido2-roaming', 'fido2-platform'].map(removed),
  ])
  expect(await storage.securityEvents.peek('s', 9)).toMatchObject([{ id: 'jti-1' }])
})
