// Whether an app may ask a user for consent, and whether the user may give it: pure, one record. Before the user has
// signed in, the same function judges the request alone.
import type { DecisionRecord, Granted, XaaCode } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import type { AuthorizationFacts } from './code-facts.ts'
import { assembleRecord } from './record.ts'
import {
  checkAskedResource,
  checkAskedScope,
  checkCodeClient,
  checkUser,
} from './redemption/code-flow-checks.ts'
import { findRequiredIssuer } from './redemption/id-jag-only.ts'
import { findClient, type RedemptionSnapshot } from './redemption-snapshot.ts'

/** @returns the decision record; if allowed, `granted` lists what the app would get */
export function evaluateAuthorization(
  facts: AuthorizationFacts,
  snapshot: RedemptionSnapshot,
): DecisionRecord {
  const list = createChecklist()
  const { granted, accountId } = runChecks(list, facts, snapshot)
  const { clientId, origin, request, ip } = facts
  const required = origin === undefined ? undefined : findRequiredIssuer(snapshot, origin)
  return assembleRecord({
    frame: facts,
    stage: 'ras.authorization',
    list,
    request: {
      requesting_app: { id: clientId, client_id: clientId },
      subject: origin === undefined ? null : { ref: origin.subject, issuer: origin.issuer },
      resource: [...request.resource],
      scope: request.scope?.split(' ').filter((one) => one !== '') ?? [],
      context: ip === undefined ? {} : { ip },
    },
    resolution: { candidates: [], resource_app: snapshot.id, account: accountId },
    granted,
    remedy: required === undefined ? undefined : `It is ${required.issuer}.`,
    names: {
      app: findClient(snapshot, clientId, facts.describedClient)?.name ?? clientId,
      target: snapshot.name,
      user: 'the user',
    },
    snapshot: { revision: snapshot.revision },
  })
}

function runChecks(
  list: Checklist,
  facts: AuthorizationFacts,
  snapshot: RedemptionSnapshot,
): { readonly granted: Granted | null; readonly accountId: string | undefined } {
  checkForm(list, facts)
  checkCodeClient(list, findClient(snapshot, facts.clientId, facts.describedClient), snapshot)
  const resource = checkAskedResource(list, facts.request.resource, snapshot)
  if (resource === undefined) list.skip(['authorization.scope'], 'authorization.resource')
  const scope =
    resource === undefined ? [] : checkAskedScope(list, { scope: facts.request.scope, resource }, snapshot)
  const accountId = checkUser(list, facts, snapshot)
  const granted: Granted = {
    client_id: facts.clientId,
    audience: snapshot.issuer,
    resource: [...(resource ?? [])],
    scope: [...scope],
    lifetime_seconds: snapshot.definition.authorizationCode?.accessTokenTtlSeconds ?? 0,
    subject: { strategy: 'account', value: accountId },
  }
  return { granted, accountId }
}

const CHALLENGE = /^[\w-]{43}$/

/** PKCE with S256 is required of every client (OAuth 2.1 section 4.1.1). */
function checkForm(list: Checklist, { request }: AuthorizationFacts): void {
  const { responseType, codeChallenge, codeChallengeMethod, problems } = request
  const fail = (
    id: 'request.form' | 'authorization.response_type' | 'authorization.pkce',
    detail: object,
  ) => {
    const code: XaaCode = 'XAA2002'
    list.fail(id, code, detail)
  }
  if (problems.length > 0) fail('request.form', { actual: problems })
  else list.pass('request.form')
  if (responseType === 'code') list.pass('authorization.response_type')
  else fail('authorization.response_type', { expected: 'code', actual: responseType })
  if (codeChallengeMethod === 'S256' && CHALLENGE.test(codeChallenge ?? '')) list.pass('authorization.pkce')
  else fail('authorization.pkce', { expected: 'a code_challenge with S256', actual: codeChallengeMethod })
}
