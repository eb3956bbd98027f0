// Refusals of the admin API as RFC 9457 problem details. Handlers return them; they are not thrown.
import type { ProblemBody } from '@crosswalk/admin-api'

export interface Problem {
  readonly problem: ProblemBody
  readonly headers?: Readonly<Record<string, string>>
}

/** Status and title of each problem; `type` is a URN, because there is no page to point to. */
const PROBLEMS = {
  'malformed-request': [400, 'The request cannot be read'],
  'invalid-request': [400, 'The request is not valid'],
  unauthenticated: [401, 'A bearer token is required'],
  'invalid-token': [401, 'The bearer token is not valid'],
  forbidden: [403, 'Your role does not permit this'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'The method is not available here'],
  'owned-by-file': [409, 'The object is owned by the configuration file'],
  exists: [409, 'Another object has this id or name'],
  referenced: [409, 'Other objects still refer to the object'],
  conflict: [409, 'The request conflicts with the current state'],
  'tests-fail': [409, 'Policy tests would fail'],
  stale: [412, 'Changed since you read it'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'too-much': [422, 'The request is too large to process'],
  'precondition-required': [428, 'If-Match is required'],
  fault: [500, 'Internal server error'],
  busy: [503, 'The server is busy'],
  unavailable: [503, 'The database does not respond'],
} as const
export type ProblemName = keyof typeof PROBLEMS

export type ProblemDetails = Omit<ProblemBody, 'type' | 'title' | 'status'> & {
  readonly headers?: Readonly<Record<string, string>>
}

export function buildProblem(name: ProblemName, { headers, ...details }: ProblemDetails = {}): Problem {
  const [status, title] = PROBLEMS[name]
  return {
    problem: { type: `urn:crosswalk:problem:${name}`, title, status, ...details },
    ...(headers === undefined ? {} : { headers }),
  }
}

export function conflict(detail: string): Problem {
  return buildProblem('conflict', { detail })
}

export function forbidden(detail: string): Problem {
  return buildProblem('forbidden', { detail })
}

export function notFound(detail: string): Problem {
  return buildProblem('not-found', { detail })
}

export function noIdentityProvider(): Problem {
  return conflict('This server runs no identity provider.')
}

export function isProblem(value: object): value is Problem {
  return 'problem' in value
}

export function renderProblemDetails({ problem, headers }: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}
