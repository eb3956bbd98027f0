// Maps the response of any server, ours or not, to one of our codes. Needs only the response.
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'
import { type ForeignError, normalizeError, type NormalizedError } from '@crosswalk/client'
import { dropUndefined, DECISION_CODES } from '@crosswalk/protocol'

export type ForeignAnswer = NonNullable<CallTo<'explain'>['body']['raw']>
type Cause = NonNullable<AnswerTo<'explain'>['cause']>

const CONFIDENCE = ['certain', 'probable', 'possible'] as const
const LEGS = ['exchange', 'redemption', 'resource'] as const

/** @returns the most certain cause, across all legs if the leg is unknown; first one known of the product that responded */
export function explainAnswer({ http, body, vendorHint, leg, sentBefore }: ForeignAnswer): Cause {
  const issuer = vendorHint !== undefined && /^https?:/.test(vendorHint) ? vendorHint : undefined
  const error: Omit<ForeignError, 'leg'> = {
    status: http,
    body: typeof body === 'string' ? parseJson(body) : body,
    ...dropUndefined({ issuer, sentBefore }),
  }
  const [best] = (leg === undefined ? LEGS : [leg])
    .map((one) =>
      doubt(normalizeError({ ...error, leg: one }), issuer === undefined ? vendorHint : undefined),
    )
    .sort(
      (a, b) =>
        Number(isOfProduct(b)) - Number(isOfProduct(a)) ||
        CONFIDENCE.indexOf(a.confidence) - CONFIDENCE.indexOf(b.confidence),
    )
  if (best === undefined) throw new Error('no leg was given')
  const { meaning, owner, remedy } = DECISION_CODES[best.code]
  return { ...best, meaning, owner, remedy }
}

/** The text of one product names the leg; an error code alone may come from any. */
function isOfProduct({ vendor, confidence }: NormalizedError): boolean {
  return vendor !== undefined && confidence !== 'possible'
}

/** The known responses of one product say less about another. */
function doubt(cause: NormalizedError, product: string | undefined): NormalizedError {
  const { vendor } = cause
  if (product === undefined || vendor === undefined) return cause
  return vendor.toLowerCase().includes(product.toLowerCase()) ? cause : { ...cause, confidence: 'possible' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
