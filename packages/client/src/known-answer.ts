// One row of the table of known answers, and its confidence.
import type { XaaCode } from '@crosswalk/protocol'

/** How certain a code is: another product's answer may have several meanings. */
export type Confidence = 'certain' | 'probable' | 'possible'

export interface KnownAnswer {
  readonly leg: 'exchange' | 'redemption' | 'resource' | 'any'
  /** The product known to send this answer; for readers of the table */
  readonly vendor: string
  readonly error?: string
  readonly description?: RegExp
  readonly status?: readonly number[]
  readonly issuer?: RegExp
  /** The body is not a JSON object, for example an HTML page */
  readonly notJson?: true
  /** The same ID-JAG had been sent before */
  readonly sentBefore?: true
  readonly code: XaaCode
  readonly confidence: Confidence
  readonly hint?: string
}

/** In the table of one leg */
export type KnownRow = Omit<KnownAnswer, 'leg'>

export const ASK_ADMINISTRATOR =
  'The organisation said no: ask an administrator. A new token or a consent screen will not help.'

export const ASSERTION_AUDIENCE =
  "The server expects another audience in the client assertion: its issuer, or an older server its token endpoint (`privateKeyJwt(key, { audience: 'token-endpoint' })`)."
