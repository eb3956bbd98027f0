// The form of a token exchange request, its client and its DPoP proof: everything the caller can verify on its own.
import { isResourceIdentifier, parseScope, parseStrictJson, TOKEN_TYPE } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, ExchangeRequest } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { checkAuthentication, checkDpopProof, checkRate } from '../client-evidence.ts'
import { findRequestingApp } from './requesting-app.ts'

/**
 * Kinds of subject token this IdP accepts (IDP-20, IDP-21): SAML assertions only if an issuer of them is configured,
 * access tokens only if an app is the API of a resource app, other JWTs only if a connection is for a workload.
 */
export function listSubjectTokenTypes({
  saml,
  takesAccessTokens,
  takesWorkloads,
}: Pick<ExchangeSnapshot, 'saml' | 'takesAccessTokens' | 'takesWorkloads'>): readonly string[] {
  return [
    TOKEN_TYPE.idToken,
    TOKEN_TYPE.refreshToken,
    ...(saml === undefined ? [] : [TOKEN_TYPE.saml2]),
    ...(takesAccessTokens ? [TOKEN_TYPE.accessToken] : []),
    ...(takesWorkloads ? [TOKEN_TYPE.jwt] : []),
  ]
}

/** The request, once it is known to be well formed. */
export interface RequestedAccess {
  readonly audience: string
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly details: readonly Readonly<Record<string, unknown>>[]
}

export function checkRequest(
  list: Checklist,
  { request }: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): RequestedAccess | undefined {
  const missing = findMissing(request)
  if (missing.length > 0) list.fail('request.parameters', 'XAA1001', { expected: missing })
  else list.pass('request.parameters')
  checkTokenTypes(list, request, listSubjectTokenTypes(snapshot))

  const audience = checkAudienceForm(list, request)
  const resource = checkResourceForm(list, request)
  const scope = checkScopeForm(list, request)
  const details = checkDetailsForm(list, request)
  if (audience === undefined || resource === undefined || scope === undefined || details === undefined)
    return undefined
  return { audience, resource, scope, details }
}

function findMissing(request: ExchangeRequest): readonly string[] {
  return [
    ...(request.requestedTokenType === undefined ? ['requested_token_type'] : []),
    ...(request.audience.length === 0 ? ['audience'] : []),
    ...(request.hasSubjectToken ? [] : ['subject_token']),
    ...(request.subjectTokenType === undefined ? ['subject_token_type'] : []),
  ]
}

function checkTokenTypes(
  list: Checklist,
  { requestedTokenType, subjectTokenType }: ExchangeRequest,
  taken: readonly string[],
): void {
  if (requestedTokenType !== undefined && requestedTokenType !== TOKEN_TYPE.idJag) {
    list.fail('request.requested_token_type', 'XAA1002', {
      expected: TOKEN_TYPE.idJag,
      actual: requestedTokenType,
    })
  }
  if (subjectTokenType !== undefined && !taken.includes(subjectTokenType)) {
    list.fail('request.subject_token_type', 'XAA1003', {
      expected: taken,
      actual: subjectTokenType,
    })
  }
}

/** Exactly one audience: a second one is refused, never dropped (IDP-04). */
function checkAudienceForm(list: Checklist, { audience }: ExchangeRequest): string | undefined {
  if (audience.length > 1)
    list.fail('request.audience', 'XAA1004', { expected: 'one audience', actual: audience })
  return audience.length === 1 ? audience[0] : undefined
}

function checkResourceForm(list: Checklist, { resource }: ExchangeRequest): readonly string[] | undefined {
  const malformed = resource.filter((one) => !isResourceIdentifier(one))
  if (malformed.length === 0) return [...new Set(resource)]
  list.fail('request.resource', 'XAA1303', { expected: 'absolute URIs without fragment', actual: malformed })
  return undefined
}

function checkScopeForm(list: Checklist, { scope }: ExchangeRequest): readonly string[] | undefined {
  const parsed = parseScope(scope ?? '')
  if (parsed.accepted) return parsed.value
  list.fail('request.scope', 'XAA1606', { actual: parsed.refusal.malformed })
  return undefined
}

function checkDetailsForm(
  list: Checklist,
  { authorizationDetails }: ExchangeRequest,
): RequestedAccess['details'] | undefined {
  const details = parseAuthorizationDetails(authorizationDetails)
  if (details === undefined)
    list.fail('request.authorization_details', 'XAA1308', { expected: 'a JSON array of objects with a type' })
  return details
}

/** They travel inside the ID-JAG, whose size the Resource AS limits (RAR-07). */
const MAX_DETAILS_LENGTH = 8192
const MAX_DETAILS = 50
/** Nesting levels of objects and arrays below the top-level array */
const MAX_DETAILS_DEPTH = 10

/**
 * @returns the details; undefined if the text is not a JSON array of objects with a string `type` (RFC 9396 section 5),
 *   is ambiguous, has a number that JSON parsers round, is longer than 8192 characters, or nests deeper than ten levels
 */
export function parseAuthorizationDetails(text: string | undefined): RequestedAccess['details'] | undefined {
  if (text === undefined) return []
  if (text.length > MAX_DETAILS_LENGTH) return undefined
  const parsed = parseStrictJson(text)
  if (!parsed.accepted) return undefined
  const { value } = parsed
  // An empty array is valid, and requests nothing (RAR-01).
  if (Array.isArray(value) && value.length === 0) return []
  return isDetailsArray(value) ? value : undefined
}

export function isDetailsArray(value: unknown): value is RequestedAccess['details'] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_DETAILS &&
    value.every(
      (item) =>
        typeof item === 'object' &&
        item !== null &&
        typeof (item as { type?: unknown }).type === 'string' &&
        isHandedOnWhole(item, MAX_DETAILS_DEPTH),
    )
  )
}

/**
 * Whether it nests within the limit and has only numbers that every JSON parser reads alike: finite ones, and integers
 * up to 2^53 - 1 (RFC 7493 section 2.2). Others would be granted as null or as another number than requested.
 */
function isHandedOnWhole(value: unknown, levels: number): boolean {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((member) => isHandedOnWhole(member, levels - 1))
}

/** Checks the client, and whether it may use this grant. @returns whether it authenticated */
export function checkClient(list: Checklist, facts: ExchangeFacts, snapshot: ExchangeSnapshot): boolean {
  const { client } = facts
  if (!checkAuthentication(list, client)) return false
  const app = findRequestingApp(facts, snapshot)
  if (app?.active !== true) list.fail('client.active', 'XAA1104', { expected: 'an enabled app' })
  else if (client.method === 'none' && facts.dpop.state === 'absent')
    list.fail('client.active', 'XAA1103', { expected: 'a confidential client, or a DPoP proof' })
  else list.pass('client.active')
  checkRate(list, facts.retryAfterSeconds)
  checkDpopProof(list, facts.dpop, { refused: 'XAA1007', nonceNeeded: 'XAA1008' })
  return true
}
