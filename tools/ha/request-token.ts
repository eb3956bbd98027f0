// Sends one token request, and classifies its response.
import { DECISION_HEADER } from '@crosswalk/protocol'

import type { AnswerKind } from './invariants.ts'

/** Longer than any response may take: ADR 0029 promises one within 11 s. */
const PATIENCE_MS = 15_000

export interface Answer {
  readonly kind: AnswerKind
  readonly text: string
  readonly token: string
  readonly decisionId: string
}

export async function requestToken(
  url: string,
  headers: Record<string, string>,
  form: Record<string, string>,
): Promise<Answer> {
  const nothing = { token: '', decisionId: '' }
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form), signal })
    return readAnswer(response, await response.text())
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError')
      return { kind: 'silence', text: `no response within ${PATIENCE_MS / 1000} s`, ...nothing }
    return { kind: 'connection', text: `connection: ${nameFailure(error)}`, ...nothing }
  }
}

function readAnswer({ status, headers }: Response, text: string): Answer {
  const body = readJson(text)
  const decisionId = headers.get(DECISION_HEADER) ?? ''
  const answer = { token: String(body['access_token'] ?? ''), decisionId }
  const error = String(body['error'] ?? text.slice(0, 80))
  const retries = headers.has('retry-after')
  if (status === 200) return { kind: 'granted', text: '200', ...answer }
  // The reason is only in the log of the server, not in the response.
  if (status === 400 && error === 'invalid_grant')
    return { kind: 'used', text: '400 invalid_grant', ...answer }
  const kind = status === 503 && retries ? 'unavailable' : 'wrong'
  return { kind, text: `${status} ${error}${retries ? ' with Retry-After' : ''}`, ...answer }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** The error code of Node.js; the message of `fetch` is always the same. */
function nameFailure(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } }
  return cause?.code ?? cause?.message ?? String(error)
}
