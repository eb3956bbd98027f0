// What happens on the wire, for tracing: one event per HTTP exchange, never a token or secret.
import type { XaaCode } from '@crosswalk/protocol'

export type Leg = 'discovery' | 'exchange' | 'redemption' | 'resource'

/** One HTTP exchange that the SDK made. */
export interface LegEvent {
  readonly leg: Leg
  readonly method: string
  /** Without query and fragment */
  readonly url: string
  /** HTTP status; absent where the server could not be reached */
  readonly status?: number
  /** OAuth error of the answer */
  readonly error?: string
  /** Our code for a refusal; a foreign server's answer is read by the table of known answers */
  readonly code?: XaaCode
  readonly decisionId?: string
  /** Decoded claims of the ID-JAG (exchange) or the access token (redemption), where it is a readable JWT */
  readonly claims?: Readonly<Record<string, unknown>>
  /** The scope that the answer says was granted */
  readonly scope?: string
  /** Duration in milliseconds */
  readonly ms: number
}
