// Trace events: one per HTTP exchange, never containing a token or secret.
import type { XaaCode } from '@crosswalk/protocol'

export type Leg = 'discovery' | 'exchange' | 'redemption' | 'resource'

/** One HTTP exchange of the SDK. */
export interface LegEvent {
  readonly leg: Leg
  readonly method: string
  /** Without query and fragment */
  readonly url: string
  /** HTTP status; absent if the server could not be reached */
  readonly status?: number
  /** OAuth error in the response */
  readonly error?: string
  /** Our code for a refusal; for other products, from the table of known answers */
  readonly code?: XaaCode
  readonly decisionId?: string
  /** Decoded claims of the ID-JAG (exchange) or the access token (redemption), if it is a readable JWT */
  readonly claims?: Readonly<Record<string, unknown>>
  /** The granted scope according to the response */
  readonly scope?: string
  /** Duration in milliseconds */
  readonly ms: number
}
