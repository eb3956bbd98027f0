// Parses the client credentials of a token request (RFC 6749 section 2.3, RFC 7521 section 4.2): exactly one method per
// request (IDP-27), never in the query. `authenticate-client.ts` decides whether they are valid.
import { isUtf8 } from 'node:buffer'

import {
  accept,
  CLIENT_ASSERTION_TYPE,
  refuse,
  type Result,
  SPIFFE_ASSERTION_TYPE,
} from '@crosswalk/protocol'

export type ClientCredentials =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post'
      readonly clientId: string
      readonly secret: string
    }
  | { readonly method: 'private_key_jwt'; readonly clientId?: string; readonly assertion: string }
  | { readonly method: 'none'; readonly clientId: string }

export interface ClientAuthRefusal {
  readonly code: 'XAA1101' | 'XAA1102' | 'XAA1103' | 'XAA1104' | 'XAA1105' | 'XAA1106' | 'XAA1107'
  /** For the audit log; contains no secret */
  readonly detail: string
  /** What would be accepted, if it is the same for every client; also sent to the caller */
  readonly expected?: string
  /** Set if the refusal is temporary */
  readonly retryAfterSeconds?: number | undefined
}

/**
 * The parts of a request that hold credentials; `URLSearchParams`, `Map` and `Headers` fit. Repeated parameters are
 * already refused.
 */
export interface CredentialSource {
  readonly authorization: string | null | undefined
  readonly form: { get(name: string): string | null | undefined }
}

/** @returns the client's credentials, or an error unless they use exactly one well-formed method */
export function parseClientCredentials({
  authorization,
  form,
}: CredentialSource): Result<ClientCredentials, ClientAuthRefusal> {
  const clientId = read(form, 'client_id')
  const secret = read(form, 'client_secret')
  const assertion = read(form, 'client_assertion')
  const assertionType = read(form, 'client_assertion_type')
  const hasHeader = authorization !== undefined && authorization !== null
  const hasAssertion = assertion !== undefined || assertionType !== undefined
  if (Number(hasHeader) + Number(secret !== undefined) + Number(hasAssertion) > 1)
    return refuse({ code: 'XAA1105', detail: 'several client authentication methods in one request' })
  if (hasHeader) return parseBasic(authorization, clientId)
  if (hasAssertion) return parseAssertion({ assertion, assertionType, clientId })
  if (clientId === undefined) return refuse({ code: 'XAA1101', detail: 'no client authentication' })
  return secret === undefined
    ? accept({ method: 'none', clientId })
    : accept({ method: 'client_secret_post', clientId, secret })
}

/** A parameter without a value counts as omitted (RFC 6749 section 3.2). */
function read(form: CredentialSource['form'], name: string): string | undefined {
  return form.get(name) || undefined
}

function parseAssertion({
  assertion,
  assertionType,
  clientId,
}: Readonly<Record<'assertion' | 'assertionType' | 'clientId', string | undefined>>): Result<
  ClientCredentials,
  ClientAuthRefusal
> {
  if (assertion === undefined) return refuse({ code: 'XAA1102', detail: 'client_assertion missing' })
  if (assertionType !== CLIENT_ASSERTION_TYPE && assertionType !== SPIFFE_ASSERTION_TYPE)
    return refuse({ code: 'XAA1102', detail: 'client_assertion_type missing or unknown' })
  return accept({ method: 'private_key_jwt', assertion, ...(clientId === undefined ? {} : { clientId }) })
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i

function parseBasic(
  authorization: string,
  clientIdInBody: string | undefined,
): Result<ClientCredentials, ClientAuthRefusal> {
  const malformed = (detail: string) => refuse({ code: 'XAA1101', detail } as const)
  const encoded = BASIC.exec(authorization.trim())?.[1]
  if (encoded === undefined) return malformed('Authorization header is not Basic credentials')
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded || !isUtf8(bytes))
    return malformed('Basic credentials are not base64 of UTF-8')
  const pair = bytes.toString('utf8')
  const colon = pair.indexOf(':')
  if (colon === -1) return malformed('Basic credentials have no colon')
  const clientId = decodeForm(pair.slice(0, colon))
  const secret = decodeForm(pair.slice(colon + 1))
  if (clientId === undefined || secret === undefined)
    return malformed('Basic credentials are not form-encoded (RFC 6749 section 2.3.1)')
  if (clientId === '') return malformed('Basic credentials have no client id')
  if (clientIdInBody !== undefined && clientIdInBody !== clientId)
    return malformed('client_id in the body is not the one in the Basic credentials')
  return accept({ method: 'client_secret_basic', clientId, secret })
}

/** @returns undefined for broken percent-encoding or invalid UTF-8 */
function decodeForm(text: string): string | undefined {
  if (!/[+%]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
