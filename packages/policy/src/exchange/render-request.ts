// How the record describes an exchange request, and the names that its sentences use.
import { type DecisionRecord, isVerified, readActor } from '@crosswalk/protocol'

import { renderRequestingApp } from '../client-evidence.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { renderTime } from '../moment.ts'
import { findChain } from './chain-checks.ts'
import type { Findings } from './findings.ts'
import { findRequestingApp } from './requesting-app.ts'
import { findSubjectUserId } from './subject-checks.ts'

export function renderRequest(
  facts: ExchangeFacts,
  { asked, signIn, act }: Findings,
  snapshot: ExchangeSnapshot,
): DecisionRecord['request'] {
  const { client, request, user } = facts
  const kind = findRequestingApp(facts, snapshot)?.kind
  const userId = findSubjectUserId(facts, signIn)
  const subject = signIn ?? (userId === undefined ? undefined : { userId })
  return {
    requesting_app: renderRequestingApp(client, kind),
    subject: subject === undefined ? null : renderSubject(subject, facts, user?.username),
    ...(act === undefined ? {} : { actor: readActor(act) }),
    audience: request.audience[0],
    resource: [...request.resource],
    scope: [...(asked?.scope ?? [])],
    ...(asked === undefined || asked.details.length === 0
      ? {}
      : { authorization_details: [...asked.details] }),
    context: facts.ip === undefined ? {} : { ip: facts.ip },
  }
}

function renderSubject(
  subject: SignInFact,
  facts: ExchangeFacts,
  display: string | undefined,
): DecisionRecord['request']['subject'] {
  return {
    ref: subject.userId,
    token_type: facts.subject.kind,
    ...describeIssuer(facts.subject),
    chain: findChain(facts.subject),
    display,
    issued_at: subject.issuedAt === undefined ? undefined : renderTime(subject.issuedAt * 1000),
    auth_time: subject.authTime === undefined ? undefined : renderTime(subject.authTime * 1000),
    acr: subject.acr,
    session: subject.session,
    session_ends_at: subject.endsAt === undefined ? undefined : renderTime(subject.endsAt * 1000),
  }
}

/** The issuer at which the user signed in, if it is not this IdP. */
function describeIssuer(subject: SubjectFact): { readonly issuer?: string } {
  const isUpstream = subject.kind === 'upstream_id_token' && isVerified(subject.token)
  return isUpstream ? { issuer: String(subject.token.claims['iss']) } : {}
}

export function renderNames(facts: ExchangeFacts, { target, signIn }: Findings, snapshot: ExchangeSnapshot) {
  const clientId = facts.client.clientId
  return {
    app: findRequestingApp(facts, snapshot)?.name ?? clientId ?? 'An unknown app',
    target: target.resourceApp?.name ?? facts.request.audience[0] ?? 'the resource',
    user: facts.user?.name ?? facts.user?.username ?? signIn?.userId ?? 'the user',
    isUserKnown: facts.user !== undefined || (signIn === undefined ? undefined : false),
  }
}
