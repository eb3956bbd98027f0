import { expect, it } from 'vitest'

import { evaluateRedemption } from '../evaluate-redemption.ts'
import type { Revocation } from '../redemption-snapshot.ts'
import {
  IDP,
  makeClaims,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  RESOURCE,
} from '../testing/redemption-world.ts'

const moment = (seconds: number) => new Date(seconds * 1000).toISOString()
const claims = makeClaims()

function decide(revocation: Omit<Revocation, 'id'>, change: Readonly<Record<string, unknown>> = {}) {
  const snapshot = { ...makeSnapshot(), revocations: [{ id: 'act', ...revocation }] }
  return evaluateRedemption(makeFacts({ ...claims, ...change }), snapshot)
}

const covered: readonly [string, Omit<Revocation, 'id'>][] = [
  ['everything of its issuer', { issuer: IDP }],
  ['its client', { issuer: IDP, clientId: String(claims.client_id) }],
  ['its subject', { issuer: IDP, subject: String(claims.sub) }],
  ['one of its resources', { issuer: IDP, resources: ['https://other.test/', RESOURCE] }],
  ['access until a future time', { issuer: IDP, until: moment(NOW_SECONDS + 1) }],
]
it.each(covered)('refuses an ID-JAG when %s was revoked', (_, revocation) => {
  const { outcome, code, checks } = decide(revocation)
  expect({ outcome, code }).toEqual({ outcome: 'deny', code: 'XAA2216' })
  expect(checks.find(({ id }) => id === 'assertion.revoked')).toMatchObject({ ref: 'act' })
})

it('REV-05: refuses an ID-JAG that its issuer revoked by a security event, and names the event', () => {
  const decideRevoked = (revokedBy: string | undefined) =>
    evaluateRedemption(makeFacts(claims, { revokedBy }), makeSnapshot())
  expect(decideRevoked(undefined).outcome).toBe('allow')
  const { outcome, code, checks } = decideRevoked('set-1')
  expect({ outcome, code }).toEqual({ outcome: 'deny', code: 'XAA2216' })
  expect(checks.find(({ id }) => id === 'assertion.revoked')).toMatchObject({ ref: 'set-1' })
})

it('refuses an ID-JAG that was issued for an access token that is revoked', () => {
  const decideOf = (isOfRevokedToken: boolean) =>
    evaluateRedemption(makeFacts(claims, { isOfRevokedToken }), makeSnapshot())
  expect(decideOf(false).outcome).toBe('allow')
  const { outcome, code, checks } = decideOf(true)
  expect({ outcome, code }).toEqual({ outcome: 'deny', code: 'XAA2216' })
  expect(checks.find(({ id }) => id === 'assertion.revoked')).toMatchObject({
    actual: 'issued for an access token that is revoked',
  })
})

it('refuses an ID-JAG that names no resource if any resource of its issuer was revoked, since it may be for that one', () => {
  const revocation = { issuer: IDP, resources: ['https://other.test/'] }
  expect(decide(revocation).outcome).toBe('allow')
  expect(decide(revocation, { resource: undefined })).toMatchObject({ outcome: 'deny', code: 'XAA2216' })
})

const spared: readonly [string, Omit<Revocation, 'id'>][] = [
  ['another issuer', { issuer: 'https://other.test' }],
  ['another client', { issuer: IDP, clientId: 'other' }],
  ['another subject', { issuer: IDP, subject: 'other' }],
  ['another resource', { issuer: IDP, resources: ['https://other.test/'] }],
  ['access until a past time', { issuer: IDP, until: moment(NOW_SECONDS) }],
]
it.each(spared)('accepts it when %s was revoked', (_, revocation) => {
  expect(decide(revocation).outcome).toBe('allow')
})
