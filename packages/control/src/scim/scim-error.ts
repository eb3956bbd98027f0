// Errors of the SCIM server, in the form of RFC 7644 section 3.12, including converted problems of the admin API.
import type { Problem } from '../http/problem.ts'

export const SCIM_TYPE = 'application/scim+json'

type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

export class ScimError extends Error {
  override readonly name = 'ScimError'
  readonly status: number
  readonly scimType: ScimType | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    detail: string,
    scimType?: ScimType,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.status = status
    this.scimType = scimType
    this.headers = headers
  }
}

export function renderScimError({ status, message, scimType, headers }: ScimError): Response {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: message,
  }
  return renderScim(status, body, headers)
}

export function renderScim(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': SCIM_TYPE, 'cache-control': 'no-store', ...headers },
  })
}

/** Converts a problem of the admin API, whose detail lists its errors. */
export function fromProblem({ problem }: Problem): ScimError {
  const { type, status, title, detail } = problem
  const text = detail === undefined ? title : `${title}. ${detail}`
  return new ScimError(status, text.slice(0, 1000), SCIM_TYPES[type])
}

const SCIM_TYPES: Readonly<Record<string, ScimType>> = {
  'urn:crosswalk:problem:invalid-request': 'invalidValue',
  'urn:crosswalk:problem:exists': 'uniqueness',
}

/** Converts an error that the library throws about a body: its status and type, if it has them. */
export function fromLibrary(error: unknown): unknown {
  if (error instanceof ScimError || !(error instanceof Error)) return error
  const { status, scimType } = error as { status?: unknown; scimType?: unknown }
  const isRefusal = error.name === 'SCIMError' || error instanceof TypeError
  if (!isRefusal) return error
  return new ScimError(
    Number(status ?? 400),
    error.message.slice(0, 500),
    (scimType as ScimType | undefined) ?? 'invalidValue',
  )
}
