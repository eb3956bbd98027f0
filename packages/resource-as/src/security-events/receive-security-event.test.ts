// A signed security event from outside to the revocation it causes.
import { generateKeyPairSync } from 'node:crypto'

import { createIssuerKeys, type EventRecorder } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { SECURITY_EVENT, SECURITY_EVENT_TYPE, zAuthorizationServer } from '@crosswalk/protocol'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'

import { createReceivedRevocations } from './received-revocations.ts'
import { createSecurityEventReceiver, type SecurityEventReceiverParts } from './receive-security-event.ts'

const NOW = 1_800_000_000
const [ISSUER, HERE] = ['https://idp.test', 'https://as.test']
const clock = { nowMs: () => NOW * 1000 }
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] }
const snapshot = compileRedemptionSnapshot(
  1,
  { issuer: HERE, clockSkewSeconds: 30 },
  {
    ...zAuthorizationServer.parse({
      id: 'main',
      trustedIssuers: [{ issuer: ISSUER, jwks, securityEvents: {} }],
    }),
    issuer: HERE,
  },
)

async function send(record: EventRecorder['record']) {
  const steps: string[] = []
  const receive = createSecurityEventReceiver({
    clock,
    snapshot: () => snapshot,
    issuerKeys: createIssuerKeys({ fetch: undefined as never, clock }),
    accounts: {} as never,
    accessTokens: {
      async revoke({ issuerSubject }: { readonly issuerSubject: string }) {
        steps.push(`revoke ${issuerSubject}`)
        return 1
      },
    },
    events: {
      async record(...given: Parameters<EventRecorder['record']>) {
        steps.push('record')
        return record(...given)
      },
    },
    receivedRevocations: createReceivedRevocations({
      add: async () => undefined,
      listOf: async () => [],
      listAfter: async () => [],
      forgetExpired: async () => undefined,
    }),
    onFault: (fault: unknown) => {
      throw fault
    },
  } as unknown as SecurityEventReceiverParts)
  const body = await new SignJWT({
    ...{ iss: ISSUER, aud: HERE, iat: NOW, jti: 'set-1' },
    sub_id: { format: 'iss_sub', iss: ISSUER, sub: 'alice' },
    events: { [SECURITY_EVENT.sessionRevoked]: { event_timestamp: NOW } },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'secevent+jwt', kid: 'k' })
    .sign(privateKey)
  const headers = { 'content-type': SECURITY_EVENT_TYPE }
  const { status } = await receive(new Request(`${HERE}/events`, { method: 'POST', headers, body }))
  return { status, steps }
}

it('REV-05: revokes again once the event is recorded, because a token may be granted in between', async () => {
  expect(await send(async () => undefined)).toEqual({
    status: 202,
    steps: ['revoke alice', 'record', 'revoke alice'],
  })
})

it('REV-05: does not revoke again for an event that was recorded before', async () => {
  const used = { kind: 'security-event', key: 'k', expiresAt: NOW } as const
  expect(await send(async () => used)).toEqual({ status: 202, steps: ['revoke alice', 'record'] })
})
