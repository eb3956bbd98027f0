/** Every error code that our endpoints send (RFC 6749, 6750, 8693, 8707, 9396, 9449, 9470, and the ID-JAG draft). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_authorization_details'
  | 'access_denied'
  | 'insufficient_user_authentication'
  | 'interaction_required'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'server_error'
  | 'invalid_token'
  | 'insufficient_scope'

/** The JSON body of an error response (RFC 6749 section 5.2); step-up members from the ID-JAG draft section 9.2. */
export interface OAuthErrorBody {
  readonly error: OAuthErrorCode
  readonly error_description?: string
  readonly error_uri?: string
  readonly acr_values?: string
  readonly max_age?: number
}
