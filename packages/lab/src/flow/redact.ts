// What may be shown of requests and responses: never tokens and secrets, but everything else unchanged.
import { createHmac, randomBytes } from 'node:crypto'

import { redactText } from '@crosswalk/client'

import type { Exchange, HttpRequest } from '../http/guarded-sender.ts'

const SECRET =
  /^(subject_token|actor_token|assertion|client_secret|client_assertion|access_token|refresh_token|id_token|code|code_verifier|password)$/
const SECRET_HEADERS = /^(authorization|cookie|dpop)$/i
/** In JSON, `code` is usually a decision or an error code; an authorization code does not look like a word. */
const WORD_CODE = /^(XAA\d{4}|[a-z]{2,20}([_.-][a-z]{2,20}){0,5})$/
const MAX_CHARACTERS = 2000

export interface ShownRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, string>>
  /** For a request with a JSON body */
  readonly json?: unknown
}

export interface ShownResponse {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | string
}

export type HideSecret = (secret: string) => string

export function redactRequest(
  { method, url, headers = {}, form, json }: HttpRequest,
  hide: HideSecret = hideSecret,
): ShownRequest {
  const shownHeaders = Object.entries(headers).map(([name, value]) => [
    name,
    SECRET_HEADERS.test(name) ? hideHeader(name, value, hide) : value,
  ])
  const params = [...(form ?? [])].map(([name, value]) => [name, SECRET.test(name) ? hide(value) : value])
  return {
    method,
    url,
    headers: Object.fromEntries(shownHeaders) as Record<string, string>,
    params: Object.fromEntries(params) as Record<string, string>,
    ...(json === undefined ? {} : { json: redactMember(json, hide) }),
  }
}

const SHOWN_HEADERS = ['content-type', 'www-authenticate', 'crosswalk-decision', 'retry-after', 'location']

export function redactResponse(
  { status, headers, json, text, request }: Exchange,
  hide: HideSecret = hideSecret,
): ShownResponse {
  const shown = SHOWN_HEADERS.flatMap((name) => {
    const value = headers[name]
    if (value === undefined) return []
    return [[name, name === 'location' ? redactUrl(value, request.url, hide) : value] as const]
  })
  return {
    status,
    headers: Object.fromEntries(shown),
    // Other servers echo what they were sent; their text is cleared of anything that looks like a token.
    body:
      json === undefined
        ? redactText(text, MAX_CHARACTERS)
        : (redactMember(json, hide) as ShownResponse['body']),
  }
}

/** A sign-in ends with a redirect that contains the code. */
function redactUrl(location: string, base: string, hide: HideSecret): string {
  if (!URL.canParse(location, base)) return redactText(location, MAX_CHARACTERS)
  const url = new URL(location, base)
  for (const [name, value] of [...url.searchParams])
    if (SECRET.test(name)) url.searchParams.set(name, hide(value))
  return url.href
}

function redactMember(value: unknown, hide: HideSecret): unknown {
  if (Array.isArray(value)) return value.map((member) => redactMember(member, hide))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (typeof member !== 'string') return [name, redactMember(member, hide)]
      if (name === 'code') return [name, WORD_CODE.test(member) ? member : hideSecret(member)]
      if (SECRET.test(name)) return [name, hide(member)]
      return [name, name === 'error_description' ? redactText(member) : member]
    }),
  )
}

/** The authentication scheme is not secret. */
function hideHeader(name: string, value: string, hide: HideSecret): string {
  const [scheme = '', ...rest] = value.split(' ')
  return name.toLowerCase() === 'authorization' ? `${scheme} ${hide(rest.join(' '))}` : hide(value)
}

/** Random per process, so that secrets cannot be guessed and compared with a fingerprint. */
const MARK_KEY = randomBytes(32)

/**
 * Replaces a secret with its length and a fingerprint, by which the same secret is recognizable elsewhere in a flow.
 */
export function hideSecret(secret: string): string {
  const mark = createHmac('sha256', MARK_KEY).update(secret).digest('hex').slice(0, 8)
  return `[${secret.length} characters, #${mark}]`
}

const MASK = String.raw`\[\d+ characters, #[0-9a-f]{8}\]`
export const MASKED = new RegExp(`^${MASK}$`)
/** Also after an authentication scheme */
export const ENDS_MASKED = new RegExp(`${MASK}$`)
