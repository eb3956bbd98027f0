// Resetting the second factors of a user also tells the receivers of security events what was removed, and a fault at
// any step leaves nothing that a repeated request would not complete.
import { buildAuditEvent, type OutgoingSecurityEvent } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import type { Signal } from '../security-events/signal.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { createFactorHandlers } from './factors.ts'

const EVENT: OutgoingSecurityEvent = { id: 'jti-1', stream: 's', claims: {}, createdAt: 0 }
const ENROLLED = {
  log: 'idp',
  event: buildAuditEvent(0, {
    type: 'signin.factor_enrolled',
    category: 'session',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'user', id: 'usr_bob' },
  }),
}

const passkey = (id: string, transport: string) => ({
  ...{ id, publicKey: 'k', counter: 0, transports: [transport], synced: false },
  ...{ rpId: 'idp.test', name: 'Key', createdAt: 0 },
})

async function openNode(): Promise<TestNode> {
  const users = ['bob', 'carol'].map((username) => ({ id: `usr_${username}`, username }))
  const [node] = await openNodes({ users })
  return node
}

/** @param told - receives what is told to receivers @param endSessions - ends them */
function resetOn(
  { parts }: TestNode,
  { told = [], endSessions }: { told?: Signal[]; endSessions: (id: string) => Promise<void> },
) {
  const handlers = createFactorHandlers({
    ...parts,
    signals: { ...parts.signals, buildEvents: (signals) => (told.push(...signals), [EVENT]) },
    revoker: { ...parts.revoker, endSessions },
  } as Parameters<typeof createFactorHandlers>[0])
  const context = { ...systemContext('lost'), caller: { id: 'ada', role: 'owner' }, headers: new Headers() }
  return (id: string) =>
    handlers['users.resetFactors']({ params: { id }, body: {} } as never, context as never)
}

const readRecords = async ({ storage }: TestNode) =>
  (await storage.events.list({ log: 'admin', limit: 9 })).items.map(({ event }) => event)

it('tells receivers which factors were removed, once for each kind, and nothing if there were none', async () => {
  const node = await openNode()
  const { secondFactors, securityEvents } = node.storage
  const told: Signal[] = []
  const ended: string[] = []
  const reset = resetOn(node, { told, endSessions: async (id) => void ended.push(id) })
  await secondFactors.enrolTotp('usr_bob', { sealedSecret: 's', step: 1, at: 0 }, ENROLLED)
  for (const [id, transport] of Object.entries({ a: 'usb', b: 'internal', c: 'usb' }))
    await secondFactors.addPasskey('usr_bob', passkey(id, transport), ENROLLED)

  expect(await reset('usr_carol')).toMatchObject({ body: { endedSessions: false } })
  expect([told, ended, await securityEvents.peek('s', 9), await readRecords(node)]).toEqual([[], [], [], []])

  expect(await reset('usr_bob')).toMatchObject({
    body: { removed: { authenticatorApp: true, passkeys: 3 }, endedSessions: true },
  })
  expect(new Set(ended)).toEqual(new Set(['usr_bob']))
  const removed = (credential: string) => ({ kind: 'credential-change', credential, change: 'delete' })
  expect(told).toMatchObject([
    { kind: 'session-revoked', initiator: 'admin', user: { id: 'usr_bob' } },
    removed('app'),
    ...['fido2-roaming', 'fido2-platform'].map(removed),
  ])
  expect(await securityEvents.peek('s', 9)).toMatchObject([{ id: 'jti-1' }])
  expect(await readRecords(node)).toMatchObject([
    {
      type: 'credential.changed',
      target: { kind: 'user', id: 'usr_bob' },
      change: { change_type: 'delete', credential_types: ['app', 'fido2-roaming', 'fido2-platform'] },
    },
  ])
})

it('removes what a user enrolled next to a secret of the configuration file, and is refused if there is nothing else', async () => {
  const node = await openNode()
  const { secondFactors } = node.storage
  const reset = resetOn(node, { endSessions: async () => undefined })
  await secondFactors.replaceTotp('usr_bob', { sealedSecret: 's', fingerprint: 'f', at: 0 })
  expect(await reset('usr_bob')).toMatchObject({ problem: { status: 409 } })
  await secondFactors.addPasskey('usr_bob', passkey('a', 'usb'), ENROLLED)
  expect(await reset('usr_bob')).toMatchObject({
    body: { removed: { authenticatorApp: false, passkeys: 1 }, keptOfFile: true, endedSessions: true },
  })
  expect(await secondFactors.listPasskeys('usr_bob')).toEqual([])
  expect(await secondFactors.totpFingerprint('usr_bob')).toBe('f')
})

describe('a fault', () => {
  it.each([
    ['when sessions end at first', 1, 'kept'],
    ['when they end once more', 2, 'removed'],
  ] as const)('%s', async (_, failing, factors) => {
    const node = await openNode()
    await node.storage.secondFactors.addPasskey('usr_bob', passkey('a', 'usb'), ENROLLED)
    let calls = 0
    let live = true
    const reset = resetOn(node, {
      async endSessions() {
        calls += 1
        if (calls === failing) throw new Error('no disk')
        live = false
      },
    })
    await expect(reset('usr_bob')).rejects.toThrow('no disk')
    const isKept = (await node.storage.secondFactors.listPasskeys('usr_bob')).length > 0
    expect(isKept ? 'kept' : 'removed').toBe(factors)
    // Whatever is removed is recorded, and the sessions have ended.
    expect(await readRecords(node)).toHaveLength(isKept ? 0 : 1)
    expect(live).toBe(isKept)
    expect(await reset('usr_bob')).toMatchObject({ status: 200 })
    expect([live, await node.storage.secondFactors.listPasskeys('usr_bob')]).toEqual([false, []])
    expect(await readRecords(node)).toHaveLength(1)
    expect(await node.storage.securityEvents.peek('s', 9)).toHaveLength(1)
  })
})
