// An ID token of another identity provider as subject token: signed by a trusted issuer, for this app, fresh, of a
// linked user, and of a sign-in that has not ended.
import {
  inspectUpstreamIdToken,
  isVerified,
  type JwtFact,
  type SubjectIssuerDefinition,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'

const AFTER_SIGNATURE = [
  'subject_token.issuer',
  'subject_token.audience',
  'subject_token.expiry',
  'subject_token.start',
  'subject_token.age',
  'subject_token.conditions',
  'subject_token.session',
  'subject_token.user',
] as const

/** @returns the sign-in that the token states; undefined if it is refused */
export function checkUpstreamIdToken(
  list: Checklist,
  facts: ExchangeFacts,
  { token, signIn, unlinked, endedBy }: Extract<SubjectFact, { kind: 'upstream_id_token' }>,
  { subjectIssuers, clockSkewSeconds }: ExchangeSnapshot,
): SignInFact | undefined {
  if (!checkForm(list, token) || !isVerified(token) || facts.client.state !== 'authenticated')
    return undefined
  const trust = subjectIssuers?.get(String(token.claims['iss']))
  if (trust === undefined) {
    list.fail('subject_token.issuer', 'XAA1210', { actual: token.claims['iss'] })
    return undefined
  }
  const findings = inspectUpstreamIdToken(token.claims, {
    trust,
    clientId: facts.client.clientId,
    now: facts.nowMs / 1000,
    clockSkewSeconds,
  })
  list.take(findings)
  if (findings.some(({ code }) => code !== undefined)) {
    list.skip(['subject_token.session', 'subject_token.user'], 'subject_token')
    return undefined
  }
  if (signIn === undefined)
    list.fail('subject_token.user', 'XAA1214', {
      expected: { link: trust.link, provisioning: trust.provisioning },
      actual: describeUnlinked(unlinked, listMissing(trust, token.claims)),
    })
  else list.pass('subject_token.user')
  if (endedBy !== undefined)
    list.fail('subject_token.session', 'XAA1216', {
      expected: 'a live session',
      actual: `ended by the ${endedBy}`,
    })
  else list.pass('subject_token.session')
  return endedBy === undefined ? signIn : undefined
}

const SIGNATURE_CODE: Record<Exclude<Extract<JwtFact, { state: 'read' }>['signature'], 'valid'>, XaaCode> = {
  invalid: 'XAA1210',
  'unknown-key': 'XAA1210',
  'algorithm-refused': 'XAA1210',
  'keys-unreachable': 'XAA1211',
  'keys-refused': 'XAA1210',
  'not-checked': 'XAA1210',
}

function checkForm(list: Checklist, token: JwtFact): boolean {
  if (token.state === 'unreadable') {
    list.fail('subject_token.form', 'XAA1210', { actual: token.detail })
    list.skip(['subject_token.signature', ...AFTER_SIGNATURE], 'subject_token.form')
    return false
  }
  const { typ, signature, keyProblem } = token
  if (typ !== undefined && typ.toLowerCase() !== 'jwt') {
    list.fail('subject_token.form', 'XAA1208', { expected: 'JWT', actual: typ })
    list.skip(['subject_token.signature', ...AFTER_SIGNATURE], 'subject_token.form')
    return false
  }
  if (signature !== 'valid') {
    list.fail('subject_token.signature', SIGNATURE_CODE[signature], {
      expected: 'a signature by a key of the subject issuer',
      actual: keyProblem === undefined ? signature : `${signature}: ${keyProblem}`,
    })
    list.skip(AFTER_SIGNATURE, 'subject_token.signature')
    return false
  }
  list.pass('subject_token.signature', { actual: token.algorithm })
  return true
}

function describeUnlinked(reason = 'unknown', missing: readonly string[]): string {
  return missing.length === 0 ? reason : `${reason}; the token has no ${missing.join(', ')}`
}

/** @returns the claims by which users are linked, and which the token lacks: often, the app did not request their scope */
function listMissing(
  { link, claims: names }: SubjectIssuerDefinition,
  claims: Readonly<Record<string, unknown>>,
): readonly string[] {
  const needed = link.flatMap((rule) => (rule === 'username' || rule === 'email' ? [names[rule]] : []))
  return needed.filter((name) => claims[name] === undefined)
}
