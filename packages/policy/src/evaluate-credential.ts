// Whether a gateway gets the stored credential behind the access token it was called with: pure, one record.
import {
  type DecisionRecord,
  type Granted,
  GRANT_TYPE,
  type ResourceClientDefinition,
  TOKEN_TYPE,
} from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkAuthentication, checkRate, renderRequestingApp } from './client-evidence.ts'
import type { ForwardedToken, CredentialFact, CredentialFacts } from './credential-facts.ts'
import { assembleRecord } from './record.ts'
import type { RedemptionSnapshot } from './redemption-snapshot.ts'

/**
 * Decides one use of a stored credential.
 *
 * @returns the decision record; never throws
 * @see RFC 8693 section 2.1
 */
export function evaluateCredential(facts: CredentialFacts, snapshot: RedemptionSnapshot): DecisionRecord {
  const list = createChecklist()
  const granted = runChecks(list, facts, snapshot)
  const { client, credential } = facts
  const owner = 'user' in credential ? credential : undefined
  return assembleRecord({
    frame: facts,
    stage: 'ras.token',
    list,
    request: renderRequest(facts, owner?.user),
    resolution: {
      candidates: [],
      resource_app: owner?.resourceApp ?? snapshot.id,
      connection: owner?.connection,
      account: facts.token?.accountId,
    },
    granted,
    errorUri: credential.state === 'missing' ? credential.page : undefined,
    retryAfterSeconds: facts.retryAfterSeconds,
    names: {
      app: client.clientId ?? 'An unknown client',
      target: owner?.resourceApp ?? snapshot.name,
      user: owner?.user ?? 'the user',
    },
    snapshot: { revision: snapshot.revision },
  })
}

/** @returns what a release would grant; null if the vault was not queried */
function runChecks(
  list: Checklist,
  { request, client, retryAfterSeconds, token, credential }: CredentialFacts,
  snapshot: RedemptionSnapshot,
): Granted | null {
  checkForm(list, request)
  checkAuthentication(list, client)
  checkRate(list, retryAfterSeconds)
  if (list.failure() !== undefined) return null
  if (token?.live !== true) {
    list.fail('subject_token.form', 'XAA2601', { expected: 'a live access token of this server' })
    list.skip(['credential'], 'subject_token.form')
    return null
  }
  list.pass('subject_token.form')
  checkGateway(list, token, snapshot.clients.get(client.clientId ?? ''))
  if (list.failure() !== undefined) list.skip(['credential'], 'client.grant')
  else checkCredential(list, credential)
  return {
    client_id: token.clientId,
    audience: snapshot.issuer,
    resource: [...token.resource],
    scope: [...token.scope],
    lifetime_seconds: credential.state === 'held' ? credential.lifetimeSeconds : 0,
    subject: { strategy: 'account', value: token.accountId },
  }
}

function checkForm(
  list: Checklist,
  { hasToken, subjectTokenType, requestedTokenType, problems }: CredentialFacts['request'],
): void {
  if (problems.length > 0) list.fail('request.form', 'XAA2002', { actual: problems })
  else list.pass('request.form')
  if (!hasToken) list.fail('request.parameters', 'XAA2002', { expected: ['subject_token'] })
  else if (subjectTokenType !== TOKEN_TYPE.accessToken)
    list.fail('request.subject_token_type', 'XAA2002', { expected: TOKEN_TYPE.accessToken })
  else if (requestedTokenType !== TOKEN_TYPE.storedCredential)
    list.fail('request.requested_token_type', 'XAA2002', { expected: TOKEN_TYPE.storedCredential })
  else list.pass('request.parameters')
}

/** Whether the client is the API of every resource in the token: an agent must never get the stored credential. */
export function isGatewayOf(
  client: ResourceClientDefinition | undefined,
  { resource }: Pick<ForwardedToken, 'resource'>,
): boolean {
  return (
    client?.active === true &&
    client.auth.method !== 'none' &&
    (client.grantTypes === undefined || client.grantTypes.includes(GRANT_TYPE.tokenExchange)) &&
    resource.every((one) => client.introspects.includes(one))
  )
}

function checkGateway(
  list: Checklist,
  token: ForwardedToken,
  client: ResourceClientDefinition | undefined,
): void {
  if (isGatewayOf(client, token)) list.pass('client.grant')
  else
    list.fail('client.grant', 'XAA2602', {
      expected: token.resource,
      actual: client?.introspects ?? [],
    })
}

function checkCredential(list: Checklist, credential: CredentialFact): void {
  switch (credential.state) {
    case 'held':
      return list.pass('credential', { ref: credential.id })
    case 'missing':
      return list.fail('credential', 'XAA2604', { expected: 'a connected account' })
    case 'unreachable':
      return list.fail('credential', 'XAA2605')
    default:
      return list.fail('credential', 'XAA2603', { expected: 'a brokered resource app of this server' })
  }
}

function renderRequest(
  { client, token, ip }: CredentialFacts,
  user: string | undefined,
): DecisionRecord['request'] {
  return {
    grant_type: GRANT_TYPE.tokenExchange,
    requesting_app: renderRequestingApp(client),
    subject:
      token === undefined
        ? null
        : { ref: user ?? token.accountId, issuer: token.issuer, token_type: TOKEN_TYPE.accessToken },
    ...(token === undefined ? {} : { actor: { ref: token.clientId } }),
    resource: token === undefined ? [] : [...token.resource],
    scope: token === undefined ? [] : [...token.scope],
    context: ip === undefined ? {} : { ip },
  }
}
