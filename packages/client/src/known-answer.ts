// One row of the table of known answers, and how sure such a row is.
import type { XaaCode } from '@crosswalk/protocol'

/** How sure a code is: an answer of another product may fit several. */
export type Confidence = 'certain' | 'probable' | 'possible'

export interface KnownAnswer {
  readonly leg: 'exchange' | 'redemption' | 'resource' | 'any'
  /** Whose answer this is known to be; for readers of the table */
  readonly vendor: string
  readonly error?: string
  readonly description?: RegExp
  readonly status?: readonly number[]
  readonly issuer?: RegExp
  /** The body is no JSON object, for example an HTML page */
  readonly notJson?: true
  /** The same ID-JAG had been sent before */
  readonly sentBefore?: true
  readonly code: XaaCode
  readonly confidence: Confidence
  readonly hint?: string
}

export const ASK_ADMINISTRATOR =
  'The organisation said no: ask an administrator. A new token or a consent screen will not help.'
