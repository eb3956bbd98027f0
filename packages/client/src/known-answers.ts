// What the token endpoints and resources of this field are known to answer, and which of our codes it means: a table.
// The first row that fits decides, so particular rows stand before general ones.
import type { XaaCode } from '@crosswalk/protocol'

import type { Confidence } from './normalize-error.ts'

export interface KnownAnswer {
  readonly leg: 'exchange' | 'redemption' | 'resource' | 'any'
  /** Whose answer this is known to be; for people who read the table */
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

const ASK_ADMINISTRATOR =
  'The organisation said no: ask an administrator. A new token or a consent screen will not help.'

export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  { leg: 'any', vendor: 'any', status: [429], code: 'XAA1904', confidence: 'probable' },
  {
    leg: 'any',
    vendor: 'any',
    status: [500, 502, 503, 504],
    code: 'XAA5007',
    confidence: 'certain',
  },

  // Leg 1: the identity provider.
  {
    leg: 'exchange',
    vendor: 'any',
    notJson: true,
    code: 'XAA4005',
    confidence: 'probable',
    hint: 'The answer is no OAuth error: check that the URL is the token endpoint of the metadata.',
  },
  { leg: 'exchange', vendor: 'any', status: [404, 405], code: 'XAA4005', confidence: 'probable' },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'insufficient_user_authentication',
    code: 'XAA1801',
    confidence: 'certain',
  },
  {
    leg: 'exchange',
    vendor: 'Okta',
    error: 'unauthorized_client',
    description: /scope/i,
    code: 'XAA1602',
    confidence: 'probable',
    hint: 'Okta answers so when a scope is not permitted on the connection.',
  },
  {
    leg: 'exchange',
    vendor: 'Okta custom authorization server',
    error: 'invalid_request',
    description: /requested_token_type/i,
    issuer: /\/oauth2\/[^/]+$/,
    code: 'XAA4012',
    confidence: 'probable',
    hint: "Use Okta's org authorization server (the issuer without /oauth2/…): only it issues ID-JAGs.",
  },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'invalid_request',
    description: /requested_token_type/i,
    code: 'XAA4012',
    confidence: 'probable',
  },
  {
    leg: 'exchange',
    vendor: 'Okta with SAML',
    description: /invalid subject token/i,
    code: 'XAA1207',
    confidence: 'possible',
  },
  {
    leg: 'exchange',
    vendor: 'Keycloak',
    description: /not the holder of the token|not within the token audience/i,
    code: 'XAA1203',
    confidence: 'probable',
  },
  {
    leg: 'exchange',
    vendor: 'xaa.dev',
    error: 'invalid_request',
    description: /aud(ience)?\b.*client|client.*\baud(ience)?/i,
    code: 'XAA1203',
    confidence: 'probable',
  },
  {
    leg: 'exchange',
    vendor: 'any',
    description: /(subject[_ ]token|id[_ ]token).*expired|expired.*(subject[_ ]token|id[_ ]token)/i,
    code: 'XAA1202',
    confidence: 'probable',
  },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'invalid_request',
    description: /subject[_ ]token(?!_type)/i,
    code: 'XAA1201',
    confidence: 'possible',
  },
  {
    leg: 'exchange',
    vendor: 'Okta',
    error: 'invalid_target',
    description: /resource/i,
    code: 'XAA1304',
    confidence: 'probable',
    hint: 'The audience is known but not for this resource, or no connection covers it.',
  },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'invalid_target',
    code: 'XAA1401',
    confidence: 'possible',
    hint: 'No connection covers this audience and resource, or one of them is not registered at the identity provider exactly as sent.',
  },
  { leg: 'exchange', vendor: 'any', error: 'invalid_scope', code: 'XAA1602', confidence: 'probable' },
  { leg: 'exchange', vendor: 'any', error: 'invalid_client', code: 'XAA1101', confidence: 'certain' },
  { leg: 'exchange', vendor: 'any', error: 'unauthorized_client', code: 'XAA1104', confidence: 'probable' },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'unsupported_grant_type',
    code: 'XAA4012',
    confidence: 'probable',
  },
  { leg: 'exchange', vendor: 'any', error: 'invalid_grant', code: 'XAA1201', confidence: 'possible' },
  { leg: 'exchange', vendor: 'any', error: 'invalid_dpop_proof', code: 'XAA1007', confidence: 'certain' },
  { leg: 'exchange', vendor: 'any', error: 'use_dpop_nonce', code: 'XAA1008', confidence: 'certain' },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'invalid_authorization_details',
    code: 'XAA1308',
    confidence: 'certain',
  },
  { leg: 'exchange', vendor: 'any', error: 'invalid_request', code: 'XAA1004', confidence: 'possible' },
  {
    leg: 'exchange',
    vendor: 'any',
    error: 'access_denied',
    code: 'XAA5001',
    confidence: 'certain',
    hint: ASK_ADMINISTRATOR,
  },
  {
    leg: 'exchange',
    vendor: 'any',
    status: [403],
    code: 'XAA5001',
    confidence: 'probable',
    hint: ASK_ADMINISTRATOR,
  },

  // Leg 2: the authorization server of the resource.
  {
    leg: 'redemption',
    vendor: 'any',
    notJson: true,
    code: 'XAA4005',
    confidence: 'probable',
    hint: 'The answer is no OAuth error: check that the URL is the token endpoint of the metadata.',
  },
  { leg: 'redemption', vendor: 'any', status: [404, 405], code: 'XAA4005', confidence: 'probable' },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'unsupported_grant_type',
    code: 'XAA2001',
    confidence: 'certain',
    hint: 'The server does not offer the jwt-bearer grant, at least not to this client.',
  },
  { leg: 'redemption', vendor: 'any', error: 'invalid_client', code: 'XAA2101', confidence: 'certain' },
  { leg: 'redemption', vendor: 'any', error: 'unauthorized_client', code: 'XAA2102', confidence: 'certain' },
  {
    leg: 'redemption',
    vendor: 'Okta style',
    description: /audience/i,
    code: 'XAA2211',
    confidence: 'probable',
    hint: 'Compare issuer and audience byte for byte; a trailing slash is the usual cause.',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'invalid_grant',
    description: /already (been )?used|replay/i,
    code: 'XAA2209',
    confidence: 'certain',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'invalid_grant',
    description: /expired/i,
    code: 'XAA2206',
    confidence: 'probable',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'invalid_grant',
    sentBefore: true,
    code: 'XAA2209',
    confidence: 'probable',
    hint: 'The same ID-JAG was sent twice; a call with a fresh one settles it.',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'invalid_grant',
    description: /issuer/i,
    code: 'XAA2202',
    confidence: 'probable',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'invalid_grant',
    code: 'XAA2202',
    confidence: 'possible',
    hint: 'The ID-JAG is meant for this server, client and time; so the server does not trust the issuer, does not serve the resource, or does not know the user. The decision record says which.',
  },
  { leg: 'redemption', vendor: 'any', error: 'invalid_target', code: 'XAA2217', confidence: 'probable' },
  { leg: 'redemption', vendor: 'any', error: 'invalid_scope', code: 'XAA2401', confidence: 'probable' },
  { leg: 'redemption', vendor: 'any', error: 'invalid_dpop_proof', code: 'XAA2219', confidence: 'certain' },
  { leg: 'redemption', vendor: 'any', error: 'use_dpop_nonce', code: 'XAA2220', confidence: 'certain' },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'insufficient_user_authentication',
    code: 'XAA1801',
    confidence: 'certain',
  },
  {
    leg: 'redemption',
    vendor: 'any',
    error: 'access_denied',
    code: 'XAA2402',
    confidence: 'certain',
    hint: ASK_ADMINISTRATOR,
  },
  { leg: 'redemption', vendor: 'any', error: 'invalid_request', code: 'XAA2002', confidence: 'possible' },
  {
    leg: 'redemption',
    vendor: 'any',
    status: [403],
    code: 'XAA2402',
    confidence: 'probable',
    hint: ASK_ADMINISTRATOR,
  },

  // The resource itself.
  { leg: 'resource', vendor: 'any', error: 'insufficient_scope', code: 'XAA3004', confidence: 'certain' },
  {
    leg: 'resource',
    vendor: 'any',
    error: 'insufficient_user_authentication',
    code: 'XAA1801',
    confidence: 'certain',
  },
  { leg: 'resource', vendor: 'any', error: 'invalid_dpop_proof', code: 'XAA3010', confidence: 'certain' },
  { leg: 'resource', vendor: 'any', error: 'use_dpop_nonce', code: 'XAA3010', confidence: 'certain' },
  {
    leg: 'resource',
    vendor: 'any',
    error: 'invalid_token',
    description: /expired/i,
    code: 'XAA3003',
    confidence: 'probable',
  },
  {
    leg: 'resource',
    vendor: 'any',
    error: 'invalid_token',
    description: /audience/i,
    code: 'XAA3002',
    confidence: 'probable',
  },
  { leg: 'resource', vendor: 'any', error: 'invalid_token', code: 'XAA3008', confidence: 'possible' },
  { leg: 'resource', vendor: 'any', status: [401], code: 'XAA3001', confidence: 'possible' },
]
