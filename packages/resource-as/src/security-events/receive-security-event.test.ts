// A signed security event from outside to the revocation it causes.
import { generateKeyPairSync } from 'node:crypto'

import { createIssuerKeys, createSigner, type EventRecorder } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { JWT_TYP, SECURITY_EVENT, SECURITY_EVENT_TYPE, zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { SIGN_IN_TTL_SECONDS } from '../sign-in-lifetime.ts'
import { createReceivedRevocations, type ReceivedRevocation } from './received-revocations.ts'
import { createSecurityEventReceiver, type SecurityEventReceiverParts } from './receive-security-event.ts'

const NOW = 1_800_000_000
const [ISSUER, HERE] = ['https://idp.test', 'https://as.test']
const clock = { nowMs: () => NOW * 1000 }
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] }
const signer = createSigner(privateKey, 'k', 'ES256')
const compile = (trust: object) =>
  compileRedemptionSnapshot(
    1,
    { issuer: HERE, clockSkewSeconds: 30 },
    zAuthorizationServer.parse({
      id: 'main',
      trustedIssuers: [{ issuer: ISSUER, jwks, securityEvents: {}, ...trust }],
    }),
  )

interface Sent {
  readonly trust?: object
  readonly aud?: string
  /** When it happened, according to the event */
  readonly happenedAt?: number
  readonly record?: EventRecorder['record']
  readonly subject?: object
  /** Subjects with this address here */
  readonly known?: readonly string[]
}

async function send({
  trust = {},
  aud = HERE,
  happenedAt = NOW,
  record = async () => undefined,
  subject = { format: 'iss_sub', iss: ISSUER, sub: 'alice' },
  known = [],
}: Sent = {}) {
  const steps: string[] = []
  const stored: ReceivedRevocation[] = []
  const receive = createSecurityEventReceiver({
    clock,
    snapshot: () => compile(trust),
    issuerKeys: createIssuerKeys({ fetch: undefined as never, clock }),
    accounts: {
      findByVerifiedEmail: async () => known.map((one) => ({ id: one, issuer: ISSUER, subject: one })),
    } as never,
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
      add: async (revocations) => void stored.push(...revocations),
      listOf: async () => [],
      listAfter: async () => [],
      forgetExpired: async () => undefined,
    }),
    onFault: (fault: unknown) => {
      throw fault
    },
  } as unknown as SecurityEventReceiverParts)
  const body = await signer.signJws(
    { typ: JWT_TYP.securityEvent },
    {
      ...{ iss: ISSUER, aud, iat: NOW, jti: 'set-1' },
      sub_id: subject,
      events: { [SECURITY_EVENT.sessionRevoked]: { event_timestamp: happenedAt } },
    },
  )
  const headers = { 'content-type': SECURITY_EVENT_TYPE }
  const { status } = await receive(new Request(`${HERE}/events`, { method: 'POST', headers, body }))
  return { status, steps, stored }
}

it('REV-05: revokes again once the event is recorded, because a token may be granted in between', async () => {
  expect(await send()).toMatchObject({
    status: 202,
    steps: ['revoke alice', 'record', 'revoke alice'],
  })
})

it('REV-05: revokes again also if another process recorded the event meanwhile, and may have died since', async () => {
  const used = { kind: 'security-event', key: 'k', expiresAt: NOW } as const
  expect(await send({ record: async () => used })).toMatchObject({
    status: 202,
    steps: ['revoke alice', 'record', 'revoke alice'],
  })
})

it('REV-05: revokes the tokens of every user with the address that the event names', async () => {
  const { steps, stored } = await send({
    trust: { subject: ['email'], emailDomains: ['acme.test'] },
    subject: { format: 'email', email: 'team@acme.test' },
    known: ['alice', 'bob'],
  })
  expect(steps).toEqual(['revoke alice', 'revoke bob', 'record', 'revoke alice', 'revoke bob'])
  expect(stored.map(({ subject }) => subject)).toEqual(['alice', 'bob'])
})

it.each<[string, Sent, number]>([
  ['its issuer', { aud: HERE }, 202],
  ['another server', { aud: 'https://other.test' }, 400],
  ['the configured audience', { trust: { securityEvents: { audience: 'urn:here' } }, aud: 'urn:here' }, 202],
  [
    'its issuer, although an audience is configured',
    { trust: { securityEvents: { audience: 'urn:here' } } },
    400,
  ],
  ['its issuer, from an issuer that is no longer trusted', { trust: { active: false } }, 400],
])('a security event for %s', async (_, sent, status) => {
  const answer = await send(sent)
  expect(answer.status).toBe(status)
  expect(answer.steps.length > 0).toBe(status === 202)
})

it.each([
  ['that happened just now', NOW, NOW + 0.999],
  ['that arrives five minutes late', NOW - 300, NOW - 240],
])(
  'an event %s ends the ID-JAGs and sign-ins until then, for as long as they are accepted',
  async (_, happenedAt, until) => {
    const { stored } = await send({ happenedAt })
    const { maxIdJagLifetimeSeconds } = compile({}).definition
    const longest = Math.max(maxIdJagLifetimeSeconds, SIGN_IN_TTL_SECONDS)
    expect(stored).toMatchObject([
      {
        ...{ authorizationServer: 'main', issuer: ISSUER, subject: 'alice', issuedUntil: until },
        expiresAt: until + longest + 60,
      },
    ])
  },
)

it('remembers an event for as long as it would be accepted', async () => {
  const keys: unknown[] = []
  const { stored } = await send({
    trust: { securityEvents: { maxAgeSeconds: 600 } },
    record: async (_, used) => void keys.push(...(used ?? [])),
  })
  // 600 seconds, 30 of clock skew, and the last second itself
  const end = NOW + 631
  expect(stored).toMatchObject([{ rememberedUntil: end }])
  expect(keys).toMatchObject([{ kind: 'security-event', expiresAt: end }])
})
