// Reads the refusal of any product as one of our codes, and says how sure that is. Pure; never looks at a token.
import { DECISION_CODES, isObject, type XaaCode } from '@crosswalk/protocol'

import type { Confidence, KnownAnswer } from './known-answer.ts'
import { KNOWN_ANSWERS } from './known-answers.ts'
import { redactText } from './redacted.ts'

/** A refusal as it came over the wire. */
export interface ForeignError {
  readonly leg: 'exchange' | 'redemption' | 'resource'
  /** HTTP status */
  readonly status: number
  /** Parsed JSON body, or undefined where it is no JSON */
  readonly body?: unknown
  /** Issuer that answered, as a hint to the product */
  readonly issuer?: string
  /** Whether this very ID-JAG had been sent before */
  readonly sentBefore?: boolean
}

export interface NormalizedError {
  readonly code: XaaCode
  readonly confidence: Confidence
  /** What it rests on: status, OAuth error and description, cleared of anything like a token */
  readonly evidence: string
  readonly hint?: string
  readonly vendor?: string
}

/** @returns our code for a foreign refusal; XAA5003 with `possible` for what no known server answers */
export function normalizeError(error: ForeignError): NormalizedError {
  const evidence = describeEvidence(error)
  const own = findOwnCode(error.body)
  if (own !== undefined) return { code: own, confidence: 'certain', evidence }
  const known = KNOWN_ANSWERS.find((answer) => fits(answer, error))
  if (known === undefined) return { code: 'XAA5003', confidence: 'possible', evidence }
  const { code, confidence, hint, vendor } = known
  return {
    code,
    confidence,
    evidence,
    ...(hint === undefined ? {} : { hint }),
    ...(vendor === 'any' ? {} : { vendor }),
  }
}

/** The patterns are for sentences: on a text of a megabyte some of them would take minutes. */
const MAX_DESCRIPTION_CHARACTERS = 2048

function fits(answer: KnownAnswer, { leg, status, body, issuer, sentBefore }: ForeignError): boolean {
  const { error, error_description: described } = isObject(body) ? body : {}
  const description = typeof described === 'string' ? described.slice(0, MAX_DESCRIPTION_CHARACTERS) : ''
  return (
    (answer.leg === 'any' || answer.leg === leg) &&
    (answer.error === undefined || answer.error === error) &&
    (answer.description === undefined || answer.description.test(description)) &&
    (answer.status === undefined || answer.status.includes(status)) &&
    (answer.issuer === undefined || answer.issuer.test(issuer ?? '')) &&
    (answer.notJson === undefined || !isObject(body)) &&
    (answer.sentBefore === undefined || sentBefore === true)
  )
}

/** Our own servers may say the code outright: a resource in `code`, a development server in `xaa_decision`. */
function findOwnCode(body: unknown): XaaCode | undefined {
  if (!isObject(body)) return undefined
  const decision = isObject(body.xaa_decision) ? body.xaa_decision.code : undefined
  return [body.code, decision].find(isXaaCode)
}

export function isXaaCode(value: unknown): value is XaaCode {
  return typeof value === 'string' && Object.hasOwn(DECISION_CODES, value)
}

function describeEvidence({ status, body }: ForeignError): string {
  const { error, error_description: description } = isObject(body) ? body : {}
  const texts = [error, description].filter((text): text is string => typeof text === 'string')
  return [`HTTP ${status}`, ...texts.map((text) => redactText(text))].join(' · ')
}
