// A SAML assertion as subject token: it must be signed by a trusted issuer, for this client, from a live sign-in, about
// a known user, and unused.
import { inspectSamlAssertion, type SamlFact } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'

const AFTER_SIGNATURE = [
  'subject_token.issuer',
  'subject_token.audience',
  'subject_token.expiry',
  'subject_token.start',
  'subject_token.conditions',
  'subject_token.confirmation',
  'subject_token.statement',
  'subject_token.subject',
  'subject_token.user',
  'subject_token.single_use',
] as const

/** @returns the sign-in that the assertion states; undefined if it is refused */
export function checkSamlAssertion(
  list: Checklist,
  facts: ExchangeFacts,
  { token, signIn, replayed }: Extract<SubjectFact, { kind: 'saml' }>,
  snapshot: ExchangeSnapshot,
): SignInFact | undefined {
  if (!checkForm(list, token) || token.state !== 'verified' || facts.client.state !== 'authenticated')
    return undefined
  const { assertion } = token
  const trust = snapshot.saml?.find(({ entityId }) => entityId === assertion.issuer)
  const findings = inspectSamlAssertion(assertion, {
    entityId: trust?.entityId ?? '',
    recipients: trust?.recipients ?? [],
    audiences: trust?.audiences ?? {},
    clientId: facts.client.clientId,
    now: facts.nowMs / 1000,
    clockSkewSeconds: snapshot.clockSkewSeconds,
  })
  list.take(findings)
  if (signIn === undefined)
    list.fail('subject_token.user', 'XAA1504', {
      expected: `one user whose ${trust?.nameId ?? 'name'} is the NameID`,
    })
  else list.pass('subject_token.user')
  if (replayed) list.fail('subject_token.single_use', 'XAA1209', { expected: 'an unused assertion' })
  else list.pass('subject_token.single_use')
  return replayed || findings.some(({ code }) => code !== undefined) ? undefined : signIn
}

function checkForm(list: Checklist, token: SamlFact): boolean {
  if (token.state === 'unreadable') {
    list.fail('subject_token.form', 'XAA1209', { actual: token.detail })
    list.skip(['subject_token.signature', ...AFTER_SIGNATURE], 'subject_token.form')
    return false
  }
  list.pass('subject_token.form')
  if (token.state === 'unverified') {
    list.fail('subject_token.signature', 'XAA1209', {
      expected: 'an assertion signed as a whole by a certificate of its issuer',
      actual: token.detail,
    })
    list.skip(AFTER_SIGNATURE, 'subject_token.signature')
    return false
  }
  list.pass('subject_token.signature', { actual: token.algorithm })
  return true
}
