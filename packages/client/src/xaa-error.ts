// The one family of errors that the SDK throws. Switch on the class or on `code`, never on the text.
import {
  DECISION_CODES,
  type DecisionCode,
  type DecisionKind,
  dropUndefined,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Confidence } from './known-answer.ts'
import type { Leg } from './leg-event.ts'

export interface XaaErrorDetails {
  readonly code: XaaCode
  /** How sure the code is: an answer of another product may fit several */
  readonly confidence?: Confidence
  readonly leg?: Leg
  /** Issuer or resource that answered */
  readonly server?: string
  readonly decisionId?: string
  readonly status?: number
  readonly oauthError?: string
  /** What the code rests on, cleared of anything like a token */
  readonly evidence?: string
  readonly hint?: string
  readonly errorUri?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** Any refusal or failure of Cross App Access. Carries no token, in no field. */
export class XaaError extends Error {
  override readonly name: string = 'XaaError'
  readonly code: XaaCode
  readonly kind: DecisionKind
  readonly confidence: Confidence
  readonly leg?: Leg
  readonly server?: string
  /** The decision record at the server that refused */
  readonly decisionId?: string
  readonly status?: number
  readonly oauthError?: string
  readonly evidence?: string
  /** One plain sentence for the user at the screen */
  readonly userMessage: string
  /** For the developer: how to cure it */
  readonly hint: string
  /** Page that the server named (`error_uri`), if any */
  readonly docs?: string
  readonly retryAfterSeconds?: number

  constructor(details: XaaErrorDetails) {
    const { code, hint, errorUri, cause } = details
    const entry: DecisionCode = DECISION_CODES[code]
    super(describe(details, entry), cause === undefined ? undefined : { cause })
    this.code = code
    this.kind = entry.kind
    this.confidence = details.confidence ?? 'certain'
    this.hint = hint ?? entry.remedy
    this.userMessage = USER_MESSAGE[entry.owner]
    if (errorUri !== undefined) this.docs = errorUri
    if (details.leg !== undefined) this.leg = details.leg
    if (details.server !== undefined) this.server = details.server
    if (details.decisionId !== undefined) this.decisionId = details.decisionId
    if (details.status !== undefined) this.status = details.status
    if (details.oauthError !== undefined) this.oauthError = details.oauthError
    if (details.evidence !== undefined) this.evidence = details.evidence
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** The fields that are fit for a log. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, kind, confidence, leg, server, decisionId, status, oauthError, evidence } = this
    const { message, userMessage, hint, docs } = this
    const about = { name, code, kind, confidence, leg, server, decisionId, status, oauthError, evidence }
    return { ...about, message, userMessage, hint, docs }
  }
}

function describe({ code, server, oauthError, evidence, decisionId }: XaaErrorDetails, entry: DecisionCode) {
  const where = server === undefined ? '' : ` (${server})`
  const seen = [oauthError, evidence].filter((text) => text !== undefined && text !== '')
  const answer = seen.length === 0 ? '' : `: ${[...new Set(seen)].join(', ')}`
  return `${code} ${entry.meaning}${where}${answer}${decisionId === undefined ? '' : ` [${decisionId}]`}`
}

const USER_MESSAGE: Readonly<Record<DecisionCode['owner'], string>> = {
  administrator: 'Your organisation does not allow this. Ask your administrator for access.',
  user: 'Please sign in again to continue.',
  developer: 'This app is not set up correctly for this. Its developer has to fix it.',
  vendor: 'The other service cannot do this at the moment.',
  nobody: 'This did not work.',
}

/** Of another server it may be any page, and no place to send the user to. */
function findRequestAccessUrl({ errorUri, leg }: XaaErrorDetails): string | undefined {
  return leg === 'exchange' ? errorUri : undefined
}

/** The organisation said no. Stop: another token, another grant or a consent screen must not be tried (CLI-14). */
export class BlockedByAdmin extends XaaError {
  override readonly name = 'BlockedByAdmin'
  override readonly userMessage: string = USER_MESSAGE.administrator
  /** Where the user can ask for access, when the identity provider names it */
  readonly requestAccessUrl?: string

  constructor(details: XaaErrorDetails) {
    super(details)
    const url = findRequestAccessUrl(details)
    if (url !== undefined) this.requestAccessUrl = url
  }
}

/** The session is over, or its token does not serve any more: the user signs in again. */
export class SignInAgain extends XaaError {
  override readonly name = 'SignInAgain'
  override readonly userMessage: string = USER_MESSAGE.user
}

export interface StepUpDetails extends XaaErrorDetails {
  readonly acrValues?: string
  readonly maxAgeSeconds?: number
}

/** A stronger or fresher sign-in is needed: send the user to the identity provider with these parameters (CLI-19). */
export class StepUpRequired extends XaaError {
  override readonly name = 'StepUpRequired'
  override readonly userMessage: string = 'Please confirm that it is you: sign in again to continue.'
  readonly acrValues?: string
  readonly maxAgeSeconds?: number

  constructor(details: StepUpDetails) {
    super(details)
    if (details.acrValues !== undefined) this.acrValues = details.acrValues
    if (details.maxAgeSeconds !== undefined) this.maxAgeSeconds = details.maxAgeSeconds
  }

  /** What to add to the authorization request. */
  get signInParameters(): Readonly<Record<string, string>> {
    return {
      ...(this.acrValues === undefined ? {} : { acr_values: this.acrValues }),
      ...(this.maxAgeSeconds === undefined ? {} : { max_age: String(this.maxAgeSeconds) }),
    }
  }

  /** @param authorizationUrl - the authorization request the app would send anyway; @returns it with the parameters */
  signInUrl(authorizationUrl: string | URL): string {
    const url = new URL(authorizationUrl)
    for (const [name, value] of Object.entries(this.signInParameters)) url.searchParams.set(name, value)
    return url.href
  }
}

/**
 * The user did sign in again, and the new sign-in still does not satisfy (STEP-07). Do not send them there once more:
 * the identity provider cannot give what is asked for, or did not heed the parameters.
 */
export class StepUpFailed extends XaaError {
  override readonly name = 'StepUpFailed'
  override readonly userMessage: string =
    'Signing in again was not enough for this. Ask your administrator what your sign-in needs.'
  readonly acrValues?: string
  readonly maxAgeSeconds?: number

  /** @param asked - what the new sign-in was refused with */
  constructor(asked: StepUpRequired) {
    super(readDetails(asked))
    if (asked.acrValues !== undefined) this.acrValues = asked.acrValues
    if (asked.maxAgeSeconds !== undefined) this.maxAgeSeconds = asked.maxAgeSeconds
  }
}

/** What an error says, for another error that says it again. */
export function readDetails(error: XaaError): XaaErrorDetails {
  const { code, confidence, hint, leg, server, decisionId, status, oauthError, evidence } = error
  return {
    code,
    confidence,
    hint,
    ...dropUndefined({ leg, server, decisionId, status, oauthError, evidence }),
  }
}

export interface ScopeDetails extends XaaErrorDetails {
  readonly missing: readonly string[]
}

/** More scope is needed than the organisation gives this app. */
export class NeedsMoreScope extends XaaError {
  override readonly name = 'NeedsMoreScope'
  override readonly userMessage: string = USER_MESSAGE.administrator
  /** The scopes to ask an administrator for; empty where the server named none */
  readonly missing: readonly string[]
  /** Where the user can ask for access, when the identity provider names it */
  readonly requestAccessUrl?: string

  constructor(details: ScopeDetails) {
    super(details)
    this.missing = details.missing
    const url = findRequestAccessUrl(details)
    if (url !== undefined) this.requestAccessUrl = url
  }
}

/** A server, or its metadata, could not be found or must not be used. Nothing was sent to it. */
export class DiscoveryFailed extends XaaError {
  override readonly name = 'DiscoveryFailed'
}

/** A server answered with something else than was asked for; the answer was thrown away. */
export class AnswerRefused extends XaaError {
  override readonly name = 'AnswerRefused'
}

/** The app itself was refused: its credentials or its registration. */
export class ClientRefused extends XaaError {
  override readonly name = 'ClientRefused'
}

/** The authorization server of the resource did not take the ID-JAG. */
export class GrantRefused extends XaaError {
  override readonly name = 'GrantRefused'
}

/** The resource refused a token that was just issued for it. */
export class TokenRefused extends XaaError {
  override readonly name = 'TokenRefused'
}

/** A server is unreachable, overloaded or at fault; trying later may help. */
export class Unavailable extends XaaError {
  override readonly name = 'Unavailable'
}

/** Options of the SDK that cannot work: all problems at once. */
export class InvalidOptions extends TypeError {
  override readonly name = 'InvalidOptions'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`@crosswalk/client: ${problems.length} problem(s) in the options\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}
