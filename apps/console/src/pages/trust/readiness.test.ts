import { expect, it } from 'vitest'

import { findReadiness, type PairFacts } from './readiness.ts'

const NOW = Date.parse('2026-06-30T12:00:00Z')
const CONNECTION = {
  isActive: true,
  isClientKnown: true,
  users: 3,
  lastUsedAt: '2026-06-30T11:00:00Z',
}
const PAIR: PairFacts = {
  ownIssuer: 'https://idp.test',
  issuer: 'https://as.test',
  isTrusted: true,
  connection: CONNECTION,
}

const pair = (change: Partial<PairFacts>) => ({ ...PAIR, ...change })
const connected = (change: object) => pair({ connection: { ...CONNECTION, ...change } })

it.each([
  ['in-use', PAIR],
  ['in-use', pair({ isTrusted: undefined })],
  ['in-use', connected({ lastUsedAt: '2026-06-23T12:00:00Z' })],
  ['proved', connected({ lastUsedAt: '2026-06-23T11:59:59Z' })],
  ['configured', connected({ lastUsedAt: null, isClientKnown: undefined })],
  ['no-users', connected({ users: 0 })],
  ['stopped', connected({ isActive: false, users: 0 })],
  ['no-client', connected({ isClientKnown: false, isActive: false })],
  ['not-connected', pair({ connection: undefined })],
  ['no-trust', pair({ isTrusted: false, connection: undefined })],
  ['same-issuer', pair({ issuer: 'https://idp.test', isTrusted: false })],
  [undefined, connected({ users: undefined })],
] as const)('says %s', (readiness, facts) => {
  expect(findReadiness(facts, NOW)).toBe(readiness)
})
