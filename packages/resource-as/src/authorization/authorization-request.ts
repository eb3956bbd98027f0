// Parses an authorization request from its query (RFC 6749 section 4.1.1, RFC 8707 section 2). The evaluator judges its
// faults.
import { findRepeated, parseForm } from '@crosswalk/as-core'
import type { AuthorizationFacts } from '@crosswalk/policy'

/** The query travels in a cookie while the user signs in. */
export const MAX_QUERY_LENGTH = 2500
const MAX_RESOURCES = 10

export interface AuthorizationRequest {
  /** Unchanged, for returning to it */
  readonly query: string
  readonly clientId: string | undefined
  readonly redirectUri: string | undefined
  readonly state: string | undefined
  readonly prompt: readonly string[]
  readonly asked: AuthorizationFacts['request']
}

export function readAuthorizationRequest(query: string): AuthorizationRequest {
  const form = parseForm(query)
  const resource = form.all('resource')
  // The client and redirect URI must be unambiguous, so repeated ones are ignored.
  const once = (name: string) => (form.repeated.includes(name) ? undefined : form.get(name))
  return {
    query,
    clientId: once('client_id'),
    redirectUri: once('redirect_uri'),
    state: once('state'),
    prompt: form.get('prompt')?.split(' ') ?? [],
    asked: {
      responseType: form.get('response_type'),
      codeChallenge: form.get('code_challenge'),
      codeChallengeMethod: form.get('code_challenge_method'),
      dpopJkt: form.get('dpop_jkt'),
      resource: resource.slice(0, MAX_RESOURCES),
      scope: form.get('scope'),
      problems: [
        ...findRepeated(form, ['resource']),
        ...findUnsupported(form),
        ...findBadThumbprint(form.get('dpop_jkt')),
        ...(resource.length > MAX_RESOURCES
          ? [{ parameter: 'resource', problem: `given more than ${MAX_RESOURCES} times` }]
          : []),
      ],
    },
  }
}

function findUnsupported(form: ReturnType<typeof parseForm>) {
  const mode = form.get('response_mode')
  return [
    ...(mode === undefined || mode === 'query' ? [] : [{ parameter: 'response_mode', problem: 'not query' }]),
    ...['request', 'request_uri']
      .filter((name) => form.get(name) !== undefined)
      .map((parameter) => ({ parameter, problem: 'not supported' })),
  ]
}

/** RFC 7638: SHA-256 in base64url */
const THUMBPRINT = /^[\w-]{43}$/

function findBadThumbprint(jkt: string | undefined) {
  return jkt === undefined || THUMBPRINT.test(jkt)
    ? []
    : [{ parameter: 'dpop_jkt', problem: 'not the thumbprint of a key' }]
}

/** The same request without a prompt for sign-in, which has been satisfied. */
export function withoutLoginPrompt({ query, prompt }: AuthorizationRequest): string {
  if (!prompt.includes('login')) return query
  const parameters = new URLSearchParams(query)
  const rest = prompt.filter((one) => one !== 'login')
  if (rest.length === 0) parameters.delete('prompt')
  else parameters.set('prompt', rest.join(' '))
  return parameters.toString()
}
