// Turns a server's refusal into the error that the app sees. The class tells what the app can do about it.
import { DECISION_CODES, isObject, type XaaCode } from '@crosswalk/protocol'

import { describeFault, findFaultHint } from './describe-fault.ts'
import { type ForeignError, normalizeError } from './normalize-error.ts'
import { type Answer, readDecisionId, readOAuthError } from './runtime.ts'
import { isSecureUrl } from './server-url.ts'
import {
  AnswerRefused,
  BlockedByAdmin,
  ClientRefused,
  DiscoveryFailed,
  GrantRefused,
  NeedsMoreScope,
  SignInAgain,
  StepUpRequired,
  TokenRefused,
  Unavailable,
  XaaError,
  type XaaErrorDetails,
} from './xaa-error.ts'

export interface RefusalContext {
  readonly leg: ForeignError['leg']
  /** Issuer or resource that responded */
  readonly server: string
  readonly scope: readonly string[]
  readonly sentBefore?: boolean
}

export function buildError(answer: Answer, context: RefusalContext): XaaError {
  const { leg, server } = context
  if (answer.status === 0) return buildUnreachable(answer, leg, server)
  const { json: body, status, headers } = answer
  const sentBefore = context.sentBefore === true
  const { vendor: _, ...normalized } = normalizeError({ leg, status, body, issuer: server, sentBefore })
  const oauthError = readOAuthError(body)
  const details = {
    ...normalized,
    leg,
    server,
    status,
    ...(oauthError === undefined ? {} : { oauthError }),
    ...readDecisionId(headers),
    ...readErrorUri(body),
    ...readRetryAfter(answer),
  }
  return chooseClass(details, body, context)
}

function chooseClass(details: XaaErrorDetails, body: unknown, { scope }: RefusalContext): XaaError {
  const { code } = details
  if (code === 'XAA1801') return new StepUpRequired({ ...details, ...readStepUp(body) })
  if (NEEDS_SCOPE.has(code)) return new NeedsMoreScope({ ...details, missing: scope })
  const found = CLASSES.find(([pattern]) => pattern.test(code))
  return found === undefined ? new XaaError(details) : new found[1](details)
}

const NEEDS_SCOPE: ReadonlySet<XaaCode> = new Set(
  (Object.keys(DECISION_CODES) as XaaCode[]).filter((code) => /^XAA(16\d\d|2401|2403|3004|3009)$/.test(code)),
)

const CLASSES: readonly (readonly [RegExp, new (details: XaaErrorDetails) => XaaError])[] = [
  [/^XAA(5007|1904|2204|9001)$/, Unavailable],
  [/^XAA(12\d\d|2222|5002)$/, SignInAgain],
  [/^XAA(110[1235]|2101)$/, ClientRefused],
  [/^XAA(1104|1[3-9]\d\d|2102|2402|5001)$/, BlockedByAdmin],
  [/^XAA(4\d\d\d|500[456])$/, DiscoveryFailed],
  [/^XAA(2\d\d\d|5008)$/, GrantRefused],
  [/^XAA3\d\d\d$/, TokenRefused],
  [/^XAA5003$/, AnswerRefused],
]

export function buildUnreachable(
  answer: Answer,
  leg: XaaErrorDetails['leg'] & string,
  server: string,
): Unavailable {
  const evidence = answer.status === 0 ? describeFault(answer.fault) : `HTTP ${answer.status}`
  const hint = findFaultHint(answer.fault)
  const given = hint === undefined ? {} : { hint }
  return new Unavailable({ code: 'XAA5007', leg, server, evidence, cause: answer.fault, ...given })
}

function readStepUp(body: unknown): { acrValues?: string; maxAgeSeconds?: number } {
  if (!isObject(body)) return {}
  const { acr_values: acr, max_age: age } = body
  // The draft specifies a number, but some servers send text.
  const seconds = typeof age === 'string' && /^\d{1,10}$/.test(age) ? Number(age) : age
  return {
    ...(typeof acr === 'string' && acr !== '' ? { acrValues: acr } : {}),
    ...(typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0
      ? { maxAgeSeconds: seconds }
      : {}),
  }
}

function readErrorUri(body: unknown): { readonly errorUri?: string } {
  const uri = isObject(body) ? body.error_uri : undefined
  return typeof uri === 'string' && uri.length <= 2048 && isSecureUrl(uri) ? { errorUri: uri } : {}
}

/** `Retry-After` in seconds (RFC 9110 section 10.2.3); its date form is ignored. */
export function readRetryAfter({ headers }: Answer): { readonly retryAfterSeconds?: number } {
  const value = headers.get('retry-after')
  return value !== null && /^\d{1,6}$/.test(value) ? { retryAfterSeconds: Number(value) } : {}
}
