// The kinds of problems that pages show differently.
import { AdminApiError } from '@crosswalk/admin-api'

import { countText, text } from '../texts/text.ts'

export type ProblemKind =
  | 'signed-out'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'owned-by-file'
  | 'stale'
  | 'invalid'
  | 'busy'
  | 'unreachable'
  | 'fault'

/** A response that is not from the admin API counts as unreachable: a proxy must have sent it. */
export function kindOf(error: unknown): ProblemKind {
  if (!(error instanceof AdminApiError)) return 'unreachable'
  switch (error.status) {
    case 401:
      return 'signed-out'
    case 403:
      return 'forbidden'
    case 404:
      return error.problem === undefined ? 'unreachable' : 'not-found'
    case 409:
      if (error.problem?.type.endsWith(':owned-by-file') === true) return 'owned-by-file'
      // A field with a name that another object has
      return error.problem?.errors === undefined ? 'conflict' : 'invalid'
    case 412:
    case 428:
      return 'stale'
    case 400:
    case 413:
    case 415:
    case 422:
      return 'invalid'
    case 429:
      return 'busy'
    case 503:
      return error.problem === undefined ? 'unreachable' : 'busy'
    case 502:
    case 504:
      return 'unreachable'
    default:
      return 'fault'
  }
}

/** True if the same request may succeed later. */
export function isTemporary(error: unknown): boolean {
  return ['busy', 'unreachable'].includes(kindOf(error))
}

export interface FieldError {
  /** JSON Pointer into the request body */
  readonly path: string
  readonly problem: string
  readonly fix?: string | undefined
}

/** @returns the label of a form field, from a JSON Pointer: `/redirectUris/1` is `Redirect URIs (2)` */
export function nameField(path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  const words = parts.map((part) => (/^\d+$/.test(part) ? `(${Number(part) + 1})` : spellOut(part)))
  const name = words.join(' ')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function spellOut(member: string): string {
  const words = member.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words
    .replace(/^email\b/, 'e-mail')
    .replace(/^username$/, 'user name')
    .replaceAll(/\b(?:uri|url|id|acr|ip)(?=s?\b)/g, (name) => name.toUpperCase())
}

export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error instanceof AdminApiError ? (error.problem?.errors ?? []) : []
}

/** What is wrong at the server, and when to try again. */
export function describeBusy(error: unknown): { readonly title: string; readonly body: string } {
  const { problem, retryAfterSeconds: seconds } = error instanceof AdminApiError ? error : {}
  const next =
    seconds === undefined
      ? text('state.busy.later')
      : countText('state.busy.inSecond', 'state.busy.inSeconds', seconds)
  return {
    title: problem?.title ?? text('state.busy.title'),
    body: [problem?.detail, next].filter(Boolean).join(' '),
  }
}

/** @returns the message of the server; undefined if it sent none */
export function detailOf(error: unknown): string | undefined {
  if (!(error instanceof AdminApiError)) return undefined
  return error.problem?.detail ?? error.problem?.title
}

/** @returns what went wrong, for a message of one line */
export function describeProblem(error: unknown): string {
  switch (kindOf(error)) {
    case 'busy': {
      const { title, body } = describeBusy(error)
      return `${title}. ${body}`
    }
    case 'signed-out':
      return `${text('state.signedOut.title')}. ${text('state.signedOut.text')}`
    default:
      return detailOf(error) ?? text('state.unreachable.title')
  }
}
