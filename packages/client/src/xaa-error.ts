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
import { toOneLine } from './redacted.ts'

export interface XaaErrorDetails {
  readonly code: XaaCode
  /** How certain the code is: another product's answer may have several meanings */
  readonly confidence?: Confidence
  readonly leg?: Leg
  /** Issuer or resource that responded */
  readonly server?: string
  readonly decisionId?: string
  readonly status?: number
  readonly oauthError?: string
  /** The basis of the code, without anything that looks like a token */
  readonly evidence?: string
  readonly hint?: string
  readonly errorUri?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** Any refusal or failure of Cross App Access. No field contains a token. */
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
  /** One plain sentence for the user */
  readonly userMessage: string
  /** For the developer: how to fix it */
  readonly hint: string
  /** Page named by the server (`error_uri`), if any */
  readonly docs?: string
  readonly retryAfterSeconds?: number

  constructor(given: XaaErrorDetails) {
    const details = keepOneLine(given)
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

  /** Every field, all of which are safe to log; not the error that caused it. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { ...(this as object), message: this.message }
  }
}

/** A resource chooses the name of its server, which hints repeat: neither may look like a second line of a log. */
function keepOneLine(details: XaaErrorDetails): XaaErrorDetails {
  const { server, hint } = details
  return {
    ...details,
    ...(server === undefined ? {} : { server: toOneLine(server) }),
    ...(hint === undefined ? {} : { hint: toOneLine(hint) }),
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
  developer: 'This app is not set up correctly. Its developer must fix it.',
  vendor: 'The other service cannot do this at the moment.',
  nobody: 'Something went wrong.',
}

/** From another server it may be any page, so users must not be sent there. */
function findRequestAccessUrl({ errorUri, leg }: XaaErrorDetails): string | undefined {
  return leg === 'exchange' ? errorUri : undefined
}

/** The organisation denied access. Stop: do not try another token, another grant or a consent screen (CLI-14). */
export class BlockedByAdmin extends XaaError {
  override readonly name = 'BlockedByAdmin'
  override readonly userMessage: string = USER_MESSAGE.administrator
  /** Page for requesting access, if the identity provider names one */
  readonly requestAccessUrl?: string

  constructor(details: XaaErrorDetails) {
    super(details)
    const url = findRequestAccessUrl(details)
    if (url !== undefined) this.requestAccessUrl = url
  }
}

/** The session has ended, or its token is no longer valid: the user must sign in again. */
export class SignInAgain extends XaaError {
  override readonly name = 'SignInAgain'
  override readonly userMessage: string = USER_MESSAGE.user
}

export interface StepUpDetails extends XaaErrorDetails {
  readonly acrValues?: string
  readonly maxAgeSeconds?: number
}

/**
 * A stronger or more recent sign-in is required: send the user to the identity provider with these parameters (CLI-19).
 */
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

  /** Parameters to add to the authorization request. */
  get signInParameters(): Readonly<Record<string, string>> {
    return {
      ...(this.acrValues === undefined ? {} : { acr_values: this.acrValues }),
      ...(this.maxAgeSeconds === undefined ? {} : { max_age: String(this.maxAgeSeconds) }),
    }
  }

  /**
   * @param authorizationUrl - the usual authorization request
   * @returns it with the parameters added
   */
  signInUrl(authorizationUrl: string | URL): string {
    const url = new URL(authorizationUrl)
    for (const [name, value] of Object.entries(this.signInParameters)) url.searchParams.set(name, value)
    return url.href
  }
}

/**
 * The user signed in again, but the new sign-in is still insufficient (STEP-07). Do not send them there again: the
 * identity provider cannot satisfy the request, or ignored the parameters.
 */
export class StepUpFailed extends XaaError {
  override readonly name = 'StepUpFailed'
  override readonly userMessage: string =
    'Signing in again was not enough for this. Ask your administrator what kind of sign-in you need.'
  readonly acrValues?: string
  readonly maxAgeSeconds?: number

  /** @param asked - the refusal of the new sign-in */
  constructor(asked: StepUpRequired) {
    super(readDetails(asked))
    if (asked.acrValues !== undefined) this.acrValues = asked.acrValues
    if (asked.maxAgeSeconds !== undefined) this.maxAgeSeconds = asked.maxAgeSeconds
  }
}

/** The details of an error, for another error that repeats them. */
export function readDetails(error: XaaError): XaaErrorDetails {
  const { code, confidence, hint, leg, server, decisionId, status, oauthError, evidence } = error
  const { docs: errorUri, retryAfterSeconds } = error
  return {
    code,
    confidence,
    hint,
    ...dropUndefined({ leg, server, decisionId, status, oauthError, evidence, errorUri, retryAfterSeconds }),
  }
}

export interface ScopeDetails extends XaaErrorDetails {
  readonly missing: readonly string[]
}

/** The app needs more scopes than the organisation grants it. */
export class NeedsMoreScope extends XaaError {
  override readonly name = 'NeedsMoreScope'
  override readonly userMessage: string = USER_MESSAGE.administrator
  /** The scopes to request from an administrator; empty if the server named none */
  readonly missing: readonly string[]
  /** Page for requesting access, if the identity provider names one */
  readonly requestAccessUrl?: string

  constructor(details: ScopeDetails) {
    super(details)
    this.missing = details.missing
    const url = findRequestAccessUrl(details)
    if (url !== undefined) this.requestAccessUrl = url
  }
}

/** A server or its metadata was not found or must not be used. Nothing was sent to it. */
export class DiscoveryFailed extends XaaError {
  override readonly name = 'DiscoveryFailed'
}

/** A server's response did not match the request; it was discarded. */
export class AnswerRefused extends XaaError {
  override readonly name = 'AnswerRefused'
}

/** The app itself was refused: its credentials or its registration. */
export class ClientRefused extends XaaError {
  override readonly name = 'ClientRefused'
}

/** The resource's authorization server did not accept the ID-JAG. */
export class GrantRefused extends XaaError {
  override readonly name = 'GrantRefused'
}

/** The resource refused a newly issued token. */
export class TokenRefused extends XaaError {
  override readonly name = 'TokenRefused'
}

/** A server is unreachable, overloaded or failing; retrying later may help. */
export class Unavailable extends XaaError {
  override readonly name = 'Unavailable'
}

/** Invalid options of the SDK, with all of their problems. */
export class InvalidOptions extends TypeError {
  override readonly name = 'InvalidOptions'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`@crosswalk/client: invalid options\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}
