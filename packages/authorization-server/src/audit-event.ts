// The audit event `xaa.event/v1`: what happened, who did it, for whom, and the decision it rests on.
// Never a token or secret: tokens appear as digests.
import type { DecisionRecord } from '@crosswalk/protocol'

export interface AuditEvent {
  readonly schema: 'xaa.event/v1'
  readonly id: `evt_${string}`
  /** RFC 3339, UTC */
  readonly time: string
  /** `area.verb`, for example `idjag.issued`, `idjag.denied`, `token.redeemed`, `signin.failed` */
  readonly type: string
  readonly category:
    | 'decision'
    | 'session'
    | 'lifecycle'
    | 'connection'
    | 'policy'
    | 'people'
    | 'governance'
    | 'response'
    | 'audit'
    | 'system'
  readonly severity: 'info' | 'notice' | 'warning' | 'critical'
  readonly outcome: 'allow' | 'deny' | 'step_up' | 'pending' | 'error' | 'success' | 'failure'
  readonly code?: string
  readonly kind?: string
  readonly actor: {
    readonly kind: 'user' | 'agent' | 'app' | 'admin' | 'system' | 'file'
    readonly id: string
    readonly client_id?: string
  }
  readonly on_behalf_of?: { readonly user_ref?: string; readonly subject_at_resource_ref?: string }
  readonly target?: {
    readonly kind: string
    readonly id: string
    readonly audience?: string
    readonly resource?: readonly string[]
  }
  readonly action?: {
    readonly verb: string
    readonly scopes_requested?: readonly string[]
    readonly scopes_granted?: readonly string[]
  }
  readonly delegation?: {
    readonly connection?: string
    readonly issuer?: string
    readonly grant_id?: string
    readonly expires?: string
  }
  readonly token?: { readonly jti_hash: string; readonly lifetime_s: number; readonly audience?: string }
  readonly change?: unknown
  readonly reason?: string
  readonly decision_id?: string
  readonly trace_id?: string
  readonly source?: Readonly<Record<string, unknown>>
  readonly latency_ms?: number
  /** The whole record, on decision events. */
  readonly decision?: DecisionRecord
}
