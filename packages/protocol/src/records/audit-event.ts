// The audit event `xaa.event/v1`: what happened, who did it, for whom, and the decision behind it.
// Never a token or secret: tokens appear as digests.
import type { DecisionRecord } from './decision-record.ts'

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
  readonly code?: string | undefined
  readonly kind?: string | undefined
  readonly actor: {
    readonly kind: 'user' | 'agent' | 'app' | 'admin' | 'system' | 'file'
    readonly id: string
    readonly client_id?: string | undefined
  }
  readonly on_behalf_of?:
    | { readonly user_ref?: string | undefined; readonly subject_at_resource_ref?: string | undefined }
    | undefined
  readonly target?:
    | {
        readonly kind: string
        readonly id: string
        readonly audience?: string | undefined
        readonly resource?: readonly string[] | undefined
      }
    | undefined
  readonly action?:
    | {
        readonly verb: string
        readonly scopes_requested?: readonly string[] | undefined
        readonly scopes_granted?: readonly string[] | undefined
      }
    | undefined
  readonly delegation?:
    | {
        readonly connection?: string | undefined
        readonly issuer?: string | undefined
        readonly grant_id?: string | undefined
        /** The actor for the user, if a user is named */
        readonly actor?: string | undefined
        readonly expires?: string | undefined
      }
    | undefined
  readonly token?:
    | { readonly jti_hash: string; readonly lifetime_s: number; readonly audience?: string | undefined }
    | undefined
  /** How a user signed in: OpenID Connect Core section 2, RFC 8176 */
  readonly authentication?: { readonly acr: string; readonly amr: readonly string[] } | undefined
  readonly change?: unknown | undefined
  readonly reason?: string | undefined
  readonly decision_id?: string | undefined
  readonly trace_id?: string | undefined
  readonly source?: Readonly<Record<string, unknown>> | undefined
  readonly latency_ms?: number | undefined
  /** The complete record, on decision events. */
  readonly decision?: DecisionRecord | undefined
}
