// Maps the refusal of any product to one of our codes, with a confidence. Pure; never inspects a token.
import { DECISION_CODES, isObject, type XaaCode } from '@crosswalk/protocol'

import type { Confidence, KnownAnswer } from './known-answer.ts'
import { KNOWN_ANSWERS } from './known-answers.ts'
import { redactText } from './redacted.ts'

/** A refusal as received. */
export interface ForeignError {
  readonly leg: 'exchange' | 'redemption' | 'resource'
  /** HTTP status */
  readonly status: number
  /** Parsed JSON body; undefined if it is not JSON */
  readonly body?: unknown
  /** Issuer that responded, which may identify the product */
  readonly issuer?: string
  /** Whether the same ID-JAG had been sent before */
  readonly sentBefore?: boolean
}

export interface NormalizedError {
  readonly code: XaaCode
  readonly confidence: Confidence
  /** The basis of the code: status, OAuth error and description, without anything that looks like a token */
  readonly evidence: string
  readonly hint?: string
  readonly vendor?: string
}

/** @returns our code for a foreign refusal; XAA5003 with `possible` for an unknown answer */
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

/** The patterns expect sentences: on a megabyte of text some of them would take minutes. */
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

/** Our own servers may state the code: a resource in `code`, a development server in `xaa_decision`. */
function findOwnCode(body: unknown): XaaCode | undefined {
  if (!isObject(body)) return undefined
  const decision = isObject(body.xaa_decision) ? body.xaa_decision.code : undefined
  return [body.code, decision].find(isXaaCode)
}

function isXaaCode(value: unknown): value is XaaCode {
  return typeof value === 'string' && Object.hasOwn(DECISION_CODES, value)
}

function describeEvidence({ status, body }: ForeignError): string {
  const { error, error_description: description } = isObject(body) ? body : {}
  const texts = [error, description].filter((text): text is string => typeof text === 'string')
  return [`HTTP ${status}`, ...texts.map((text) => redactText(text))].join(' · ')
}
