// The subject token: is it the kind it claims to be, did we issue it to this client, and is its sign-in still live?
import {
  type TokenFinding,
  inspectIdToken,
  isVerified,
  type JwtFact,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { checkAccessToken, checkChain } from './chain-checks.ts'
import { findRequestingApp } from './requesting-app.ts'
import { checkSamlAssertion } from './saml-checks.ts'
import { checkUpstreamIdToken } from './upstream-checks.ts'
import { checkWorkload } from './workload-checks.ts'

const AFTER_ISSUER = ['subject_token.audience', 'subject_token.expiry', 'subject_token.session'] as const
const LATER_CHECKS = ['subject_token.issuer', ...AFTER_ISSUER] as const

/** @returns the sign-in behind the subject token; undefined if the token is refused */
export function checkSubject(
  list: Checklist,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): SignInFact | undefined {
  const { subject } = facts
  switch (subject.kind) {
    case 'none':
      return undefined
    case 'assumed':
      list.notApplicable('subject_token')
      if (subject.isWorkload === true) return checkWorkload(list, facts, { ...subject, isOwnAssertion: true })
      if (subject.chain !== undefined && !checkChain(list, facts, { chain: subject.chain }, snapshot))
        return undefined
      checkAge(list, facts, snapshot, subject.issuedAt)
      return subject.signIn
    case 'refresh_token':
      return checkRefreshToken(list, subject)
    case 'saml':
      return checkSamlAssertion(list, facts, subject, snapshot)
    case 'upstream_id_token': {
      const signIn = checkUpstreamIdToken(list, facts, subject, snapshot)
      if (signIn !== undefined && isVerified(subject.token))
        checkAge(list, facts, snapshot, Number(subject.token.claims['iat']))
      return signIn
    }
    case 'workload':
      return checkWorkload(list, facts, subject)
    case 'access_token': {
      const signIn = checkAccessToken(list, facts, subject, snapshot)
      if (signIn !== undefined) checkAge(list, facts, snapshot, subject.token?.issuedAt)
      return signIn
    }
    case 'id_token':
      return checkIdToken(list, facts, subject, snapshot)
  }
}

/** @returns the user of the sign-in, or else the one that a verified ID token names, whose sign-in may have ended */
export function findSubjectUserId(
  { subject }: Pick<ExchangeFacts, 'subject'>,
  signIn: SignInFact | undefined,
): string | undefined {
  if (signIn !== undefined) return signIn.userId
  return subject.kind === 'id_token' && isVerified(subject.token)
    ? String(subject.token.claims.sub)
    : undefined
}

function checkIdToken(
  list: Checklist,
  facts: ExchangeFacts,
  { token, session }: Extract<SubjectFact, { kind: 'id_token' }>,
  snapshot: ExchangeSnapshot,
): SignInFact | undefined {
  if (!checkForm(list, token, snapshot) || !isVerified(token) || facts.client.state !== 'authenticated')
    return undefined
  const findings = inspectIdToken(token.claims, {
    issuer: snapshot.issuer,
    clientId: facts.client.clientId,
    now: facts.nowMs / 1000,
    clockSkewSeconds: snapshot.clockSkewSeconds,
  })
  list.take(findings)
  if (session === undefined) list.fail('subject_token.session', 'XAA1205', { expected: 'a live session' })
  else if (session.userId !== token.claims.sub)
    list.fail('subject_token.session', 'XAA1201', { expected: 'the user of the session' })
  else list.pass('subject_token.session')
  if (findings.some((finding: TokenFinding) => finding.code !== undefined)) return undefined
  checkAge(list, facts, snapshot, Number(token.claims['iat']))
  return session
}

/** An app may have to bring fresher tokens. The user is known even if this fails, so the remaining checks still run. */
function checkAge(
  list: Checklist,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
  issuedAt: number | undefined,
): void {
  const mostSeconds = findRequestingApp(facts, snapshot)?.maxSubjectTokenAgeSeconds
  if (mostSeconds === undefined || issuedAt === undefined) return
  const ageSeconds = Math.floor(facts.nowMs / 1000) - issuedAt
  const seen = { expected: { maxSubjectTokenAgeSeconds: mostSeconds }, actual: { ageSeconds } }
  if (ageSeconds <= mostSeconds) list.pass('subject_token.age', seen)
  else list.fail('subject_token.age', 'XAA1204', seen)
}

/**
 * Kind and signature. An ID token has no `typ`, or `JWT`: any other value means another kind of token (IDP-17, IDP-37).
 */
function checkForm(list: Checklist, token: JwtFact, { issuer, subjectIssuers }: ExchangeSnapshot): boolean {
  if (token.state === 'unreadable') {
    list.fail('subject_token.form', 'XAA1201', { actual: token.detail })
    list.skip(['subject_token.signature', ...LATER_CHECKS], 'subject_token.form')
    return false
  }
  if (token.typ !== undefined && token.typ.toLowerCase() !== 'jwt') {
    list.fail('subject_token.form', 'XAA1208', { expected: 'JWT', actual: token.typ })
  } else list.pass('subject_token.form')
  const { iss } = token.claims
  if (token.signature !== 'valid' && typeof iss === 'string' && iss !== issuer) {
    // Our keys say nothing about a token that claims to be of another issuer; its name finds the missing entry.
    const expected = [issuer, ...(subjectIssuers?.keys() ?? [])]
    list.fail('subject_token.issuer', 'XAA1201', { expected, actual: iss })
    list.skip(['subject_token.signature', ...AFTER_ISSUER], 'subject_token.issuer')
    return false
  }
  if (token.signature !== 'valid') {
    list.fail('subject_token.signature', 'XAA1201', {
      expected: "a signature by this IdP's ID token key",
      actual: token.signature,
    })
    list.skip(LATER_CHECKS, 'subject_token.signature')
    return false
  }
  list.pass('subject_token.signature', { actual: token.algorithm })
  return token.typ === undefined || token.typ.toLowerCase() === 'jwt'
}

const REFRESH_TOKEN_CODE: Record<
  Exclude<Extract<SubjectFact, { kind: 'refresh_token' }>['state'], 'active'>,
  XaaCode
> = {
  unknown: 'XAA1205',
  expired: 'XAA1205',
  revoked: 'XAA1205',
  rotated: 'XAA1205',
  'other-client': 'XAA1203',
  'key-not-proved': 'XAA1219',
}

function checkRefreshToken(
  list: Checklist,
  { state, signIn }: Extract<SubjectFact, { kind: 'refresh_token' }>,
): SignInFact | undefined {
  if (state === 'active') {
    list.pass('subject_token.refresh_token')
    return signIn
  }
  list.fail('subject_token.refresh_token', REFRESH_TOKEN_CODE[state], { expected: 'active', actual: state })
  return undefined
}
