// The result of an authorization request at the app: a code or an error, with its state and our issuer (RFC 6749
// section 4.1.2, RFC 9207).
import type { DecisionRecord } from '@crosswalk/protocol'

import type { AuthorizationRequest } from './authorization-request.ts'

export interface Return {
  readonly redirectUri: string
  readonly state: string | undefined
  readonly issuer: string
}

export interface AuthorizationError {
  readonly error: string
  readonly error_description?: string | undefined
}

export function buildReturnUrl(
  { redirectUri, state, issuer }: Return,
  answer: { readonly code: string } | AuthorizationError,
): string {
  const parameters = Object.entries({ ...answer, state, iss: issuer }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`
}

/** 303, so that browsers do not post a page's form to the app. */
export function redirectTo(url: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, {
    status: 303,
    headers: { location: url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...headers },
  })
}

const PARAMETERS: Readonly<Record<string, string>> = {
  'authorization.response_type': 'response_type must be code.',
  'authorization.pkce': 'code_challenge with code_challenge_method S256 is required.',
  'authorization.resource': 'resource must name resources of this server.',
  'authorization.scope': 'None of the scopes is known here.',
  'client.grant': 'The client may not use this grant.',
}

/**
 * The error of a refused request. A grant cannot be invalid at this endpoint: problems with the user become
 * `access_denied`.
 */
export function describeRefusal(record: DecisionRecord, { asked }: AuthorizationRequest): AuthorizationError {
  const {
    checks,
    wire: { error = 'server_error' },
  } = record
  const failed = checks.find(({ result }) => result === 'fail')
  const description =
    failed?.id === 'request.form' ? describeProblems(asked.problems) : PARAMETERS[failed?.id ?? '']
  if (failed?.id === 'authorization.response_type' && asked.responseType !== undefined)
    return { error: 'unsupported_response_type', error_description: description }
  if (record.code === 'XAA2505')
    return {
      error: 'access_denied',
      error_description: `The company of this user allows access through its identity provider only: ${readRequiredIssuer(record)}`,
    }
  return error === 'invalid_grant'
    ? { error: 'access_denied', error_description: 'The user has no access here.' }
    : { error, error_description: description }
}

const MAX_PROBLEMS = 5
const PARAMETER_NAME = /^[\w.-]{1,64}$/

/** The app shows the text to its user, so it contains no parameter that is not a name. */
function describeProblems(problems: AuthorizationRequest['asked']['problems']): string {
  return problems
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ parameter, problem }) =>
        `${PARAMETER_NAME.test(parameter) ? parameter : 'A parameter'} is ${problem}.`,
    )
    .join(' ')
}

/** For a refusal with XAA2505 */
export function readRequiredIssuer({ checks }: DecisionRecord): string {
  return String(checks.find(({ code }) => code === 'XAA2505')?.expected ?? '')
}
