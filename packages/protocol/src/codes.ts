// The stable codes of decisions: the meaning of each, its wire response, and its remedy.
// Codes never change meaning; texts may improve freely. The error reference is generated from this table.
import type { OAuthErrorCode } from './oauth-error.ts'

/** The kind of result, coarser than the code. */
export type DecisionKind =
  | 'allowed'
  | 'narrowed'
  | 'explicit_deny'
  | 'no_match'
  | 'precondition_failed'
  | 'indeterminate'
  | 'pending'
  | 'blocked'

export interface DecisionCode {
  readonly meaning: string
  readonly kind: DecisionKind
  /** HTTP status on the wire */
  readonly http: number
  /** OAuth error on the wire; absent on success and for informative codes */
  readonly error?: OAuthErrorCode
  /** Who can fix it, and how */
  readonly owner: 'developer' | 'administrator' | 'user' | 'vendor' | 'nobody'
  readonly remedy: string
}

const invalidRequest = {
  kind: 'precondition_failed',
  http: 400,
  error: 'invalid_request',
  owner: 'developer',
} as const
const invalidClient = {
  kind: 'precondition_failed',
  http: 401,
  error: 'invalid_client',
  owner: 'developer',
} as const
const clientKeysUnreachable = {
  kind: 'precondition_failed',
  http: 503,
  error: 'temporarily_unavailable',
  owner: 'developer',
  meaning: "Client's keys unreachable",
  remedy: 'Check network and TLS between this server and the jwksUri of the client, then retry.',
} as const
const secretGuessing = {
  kind: 'blocked',
  http: 429,
  error: 'slow_down',
  owner: 'developer',
  meaning: 'Too many wrong client secrets from this address',
  remedy: 'Wait for Retry-After seconds, then send the secret that this issuer gave.',
} as const
const unauthorizedClient = {
  kind: 'precondition_failed',
  http: 400,
  error: 'unauthorized_client',
  owner: 'administrator',
} as const
const invalidGrant = {
  kind: 'precondition_failed',
  http: 400,
  error: 'invalid_grant',
  owner: 'developer',
} as const
const invalidTarget = { kind: 'no_match', http: 400, error: 'invalid_target', owner: 'developer' } as const
const accessDenied = { kind: 'no_match', http: 400, error: 'access_denied', owner: 'administrator' } as const
const invalidScope = { kind: 'no_match', http: 400, error: 'invalid_scope', owner: 'developer' } as const
const blocked = { kind: 'blocked', http: 400, error: 'access_denied', owner: 'administrator' } as const
const invalidToken = {
  kind: 'precondition_failed',
  http: 401,
  error: 'invalid_token',
  owner: 'developer',
} as const

export const DECISION_CODES = {
  XAA0000: { meaning: 'Allowed', kind: 'allowed', http: 200, owner: 'nobody', remedy: 'Nothing to do.' },
  XAA0001: {
    meaning: 'Allowed, with less than requested',
    kind: 'narrowed',
    http: 200,
    owner: 'administrator',
    remedy: 'See what was narrowed and why; widen the connection if more is needed.',
  },

  XAA1000: {
    ...invalidRequest,
    meaning: 'Request refused before it was read: method, content type, size or encoding',
    remedy: 'Send a POST of application/x-www-form-urlencoded, at most 64 KiB, without content encoding.',
  },
  XAA1001: {
    ...invalidRequest,
    meaning: 'Parameter missing',
    remedy: 'Add the parameter that the failed check names.',
  },
  XAA1002: {
    ...invalidRequest,
    meaning: 'requested_token_type is not the ID-JAG type',
    remedy: 'Send requested_token_type=urn:ietf:params:oauth:token-type:id-jag.',
  },
  XAA1003: {
    ...invalidRequest,
    meaning: 'subject_token_type is not supported',
    remedy: 'Send a token of a type that the failed check lists, and its subject_token_type.',
  },
  XAA1004: {
    ...invalidRequest,
    meaning: 'Parameter repeated or malformed',
    remedy: 'Send each parameter once and well formed.',
  },
  XAA1005: {
    ...invalidRequest,
    meaning: 'actor_token is not accepted here',
    remedy: 'Omit actor_token and actor_token_type, or ask the administrator to enable the actor profile.',
  },
  XAA1006: {
    kind: 'precondition_failed',
    http: 400,
    error: 'unsupported_grant_type',
    owner: 'developer',
    meaning: 'Grant type not offered here',
    remedy: 'Use a grant type that the metadata lists.',
  },
  XAA1007: {
    kind: 'precondition_failed',
    http: 400,
    error: 'invalid_dpop_proof',
    owner: 'developer',
    meaning: 'DPoP proof refused',
    remedy: 'Send one fresh proof for POST and this token endpoint, signed by the key in its header.',
  },
  XAA1008: {
    kind: 'precondition_failed',
    http: 400,
    error: 'use_dpop_nonce',
    owner: 'developer',
    meaning: 'DPoP nonce needed',
    remedy: 'Repeat the request once with the nonce from the DPoP-Nonce header.',
  },
  XAA1009: {
    kind: 'precondition_failed',
    http: 400,
    error: 'invalid_grant',
    owner: 'developer',
    meaning: 'A sign-in grant (code or refresh token) was refused by the sign-in provider',
    remedy: 'Start a new authorization request.',
  },
  XAA1010: {
    ...invalidRequest,
    meaning: 'Actor token missing, malformed, or not of a registered app for this client',
    remedy:
      'Send one fresh JWT of typ actor-token+jwt, signed by the acting app, with actor_token_type urn:ietf:params:oauth:token-type:jwt.',
  },

  XAA1101: {
    ...invalidClient,
    meaning: 'Unknown client or wrong secret',
    remedy: 'Use the client id and secret that this issuer gave; they differ between IdP and resource.',
  },
  XAA1102: {
    ...invalidClient,
    meaning: 'Client assertion refused',
    remedy:
      'Sign a new assertion: aud = this issuer alone, iss = sub = client id, short exp, new jti, a registered key.',
  },
  XAA1103: {
    ...unauthorizedClient,
    meaning: 'Public client',
    remedy:
      'Authenticate with a secret or a key; a public client must be registered as such and bind its grants by DPoP.',
  },
  XAA1104: {
    ...unauthorizedClient,
    meaning: 'Client disabled, or token exchange not enabled for it',
    remedy: 'An administrator enables the app.',
  },
  XAA1105: {
    ...invalidRequest,
    meaning: 'More than one client authentication method',
    remedy: 'Use one method per request.',
  },
  XAA1106: clientKeysUnreachable,
  XAA1107: secretGuessing,

  XAA1201: {
    ...invalidGrant,
    meaning: 'Subject token: signature, issuer or form is wrong',
    remedy: 'Send the ID token that this IdP issued to this app, unchanged.',
  },
  XAA1202: {
    ...invalidGrant,
    meaning: 'Subject token expired',
    remedy:
      'Refresh the ID token, or exchange the refresh token instead. If it is new, compare the clocks of its issuer and this server.',
  },
  XAA1203: {
    ...invalidGrant,
    meaning: 'Subject token was issued to another app',
    remedy: 'Sign the user in with this app and send that ID token.',
  },
  XAA1204: {
    ...invalidGrant,
    meaning: 'Subject token older than the app may exchange',
    owner: 'user',
    remedy: 'Sign in again; or the app refreshes its ID token, or exchanges the refresh token instead.',
  },
  XAA1205: {
    ...invalidGrant,
    meaning: 'Session ended, or refresh token revoked or expired',
    owner: 'user',
    remedy: 'Sign in again.',
  },
  XAA1206: {
    ...invalidGrant,
    meaning: 'Subject token not yet valid',
    remedy: 'Check the clock of the server that issued it.',
  },
  XAA1207: {
    ...invalidGrant,
    meaning: 'SAML audience is not mapped to this client',
    owner: 'administrator',
    remedy: 'Map the SAML audience to the app.',
  },
  XAA1208: {
    ...invalidGrant,
    meaning: 'Subject token is of another kind than declared',
    remedy: 'Send the token whose type subject_token_type names: an id_token, not an ID-JAG or other JWT.',
  },
  XAA1209: {
    ...invalidGrant,
    meaning: 'SAML assertion refused',
    remedy: 'Send the signed authentication assertion of the trusted SAML issuer, once.',
  },
  XAA1210: {
    ...invalidGrant,
    meaning: 'Upstream ID token: signature or form is wrong',
    remedy:
      'Send the ID token as the other identity provider issued it. If it is unchanged, compare `algorithms` and the keys of the subject issuer.',
  },
  XAA1211: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'administrator',
    meaning: 'Keys of the subject issuer unreachable',
    remedy:
      'Check network and TLS between this server and the subject issuer, then retry. The failed check states the cause.',
  },
  XAA1212: {
    ...invalidGrant,
    owner: 'administrator',
    meaning: 'Upstream ID token was issued to a client that is not this app',
    remedy:
      "Map the token's audience to the app in `audiences` of the subject issuer, or send the app's own ID token.",
  },
  XAA1213: {
    ...invalidGrant,
    owner: 'administrator',
    meaning: 'Upstream ID token lacks a required claim',
    remedy:
      'Sign in with an account of the required tenant, or change `requireClaims`, `nonce` or `session` of the subject issuer.',
  },
  XAA1214: {
    ...accessDenied,
    kind: 'precondition_failed',
    meaning: 'No user here is linked to the upstream ID token',
    remedy:
      'Create the user, or link by another claim (`link` of the subject issuer), or let users be created (`provisioning: jit`).',
  },
  XAA1215: {
    ...invalidGrant,
    owner: 'user',
    meaning: 'Upstream ID token is too old',
    remedy: 'Sign in again at the other identity provider, or refresh the ID token there.',
  },
  XAA1216: {
    ...invalidGrant,
    owner: 'user',
    meaning: 'Signed out upstream, or sessions ended by an administrator',
    remedy: 'Sign in again at the other identity provider, and send the new ID token.',
  },

  XAA1217: {
    ...invalidGrant,
    meaning: 'Access token unknown here, expired or revoked, or not issued for an ID-JAG of this IdP',
    remedy: 'Let the calling app get a new access token, and send that one unchanged.',
  },
  XAA1218: {
    ...invalidGrant,
    owner: 'administrator',
    meaning: 'Access token was issued for another resource app',
    remedy:
      'Send an access token that was issued for your API, or set `serviceOf` of the app to the resource app.',
  },
  XAA1219: {
    ...invalidGrant,
    meaning: 'Access token is bound to a key that was not proved',
    remedy:
      'Send a DPoP proof by the key of the access token; or the calling app gets one that is not bound to its key.',
  },
  XAA1220: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning:
      'An app or connection earlier in the chain is blocked, disabled, suspended, revoked or not open now',
    remedy: 'Enable the app, resume or extend the connection, or end the block that the check names.',
  },
  XAA1221: {
    ...invalidGrant,
    meaning: 'Workload token is not the client assertion of the same request',
    remedy: 'Authenticate with private_key_jwt, and send that client assertion as subject_token, too.',
  },

  XAA1301: {
    ...invalidTarget,
    meaning: 'Audience unknown',
    remedy: "Send the issuer of the resource's authorization server as audience, or register it.",
  },
  XAA1302: {
    ...invalidTarget,
    meaning: 'Audience differs only by slash, case or port',
    remedy: "Send the issuer exactly as in the server's metadata.",
  },
  XAA1303: {
    ...invalidTarget,
    meaning: 'Resource unknown for this audience',
    remedy: 'Send a resource identifier that is registered behind this audience.',
  },
  XAA1304: {
    ...invalidTarget,
    meaning: 'The connection or the audience does not cover this resource',
    remedy: 'Request resources of one resource app that the connection lists.',
  },
  XAA1305: {
    ...invalidTarget,
    meaning: 'Resource needed: several resource apps share this audience, or the resource app requires it',
    remedy: 'Send the resource parameter.',
  },
  XAA1306: {
    ...invalidTarget,
    meaning: 'Audience is this IdP itself',
    remedy: "Name the resource's authorization server; an IdP never redeems its own ID-JAG.",
  },
  XAA1307: {
    ...invalidTarget,
    owner: 'administrator',
    meaning: 'Resource app disabled',
    remedy: 'An administrator enables the resource app.',
  },
  XAA1308: {
    kind: 'no_match',
    http: 400,
    error: 'invalid_authorization_details',
    owner: 'developer',
    meaning: 'authorization_details malformed, unknown or not allowed',
    remedy: 'Send a JSON array of objects of the types that the connection allows.',
  },

  XAA1401: {
    ...invalidTarget,
    owner: 'administrator',
    meaning: 'No connection between this app and this resource app',
    remedy: 'An administrator creates the connection, or the user asks for it.',
  },
  XAA1402: {
    ...accessDenied,
    kind: 'pending',
    meaning: 'Connection is a draft or report-only',
    remedy: 'An administrator activates it.',
  },
  XAA1403: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning: 'Connection suspended',
    remedy: 'An administrator resumes it.',
  },
  XAA1404: {
    ...accessDenied,
    meaning: 'Connection expired or not started',
    remedy: 'An administrator extends it.',
  },
  XAA1405: {
    ...accessDenied,
    meaning: 'Outside the time window of the connection',
    remedy: 'Retry when the window is open, or an administrator changes it.',
  },
  XAA1406: {
    ...invalidTarget,
    owner: 'administrator',
    meaning: 'No client id at the resource',
    remedy: "Fill in the app's client id at the resource's authorization server.",
  },
  XAA1407: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning: 'Connection revoked',
    remedy: 'An administrator creates a new connection.',
  },
  XAA1408: {
    ...accessDenied,
    owner: 'administrator',
    meaning: 'Actor not allowed over the connection',
    remedy: 'Add the acting app to `actors` of the connection.',
  },

  XAA1409: {
    ...accessDenied,
    meaning: 'Connection accepts no access tokens, or no chain of this length',
    remedy: 'Set `delegation` of the connection, or raise its `maxDepth`.',
  },
  XAA1410: {
    ...accessDenied,
    meaning: 'Connection is for users and not for workloads, or the reverse',
    remedy: 'Register the workload as a separate app, with a connection whose `subject` is workload.',
  },

  XAA1501: {
    ...accessDenied,
    meaning: 'User not assigned to the requesting app',
    remedy: 'Assign the user, or one of their groups, to the app.',
  },
  XAA1502: {
    ...accessDenied,
    meaning: 'User not assigned to the resource app',
    remedy: 'Assign the user, or one of their groups, to the resource app.',
  },
  XAA1503: {
    ...accessDenied,
    meaning: 'User not in the connection',
    remedy: 'Add the user, or one of their groups, to the connection.',
  },
  XAA1504: {
    ...accessDenied,
    kind: 'precondition_failed',
    meaning: 'User disabled or unknown',
    remedy: 'An administrator enables the user.',
  },
  XAA1505: {
    ...accessDenied,
    kind: 'precondition_failed',
    meaning: 'User has no value for the subject',
    remedy: 'Fill in the attribute, or change the subject of the resource app.',
  },

  XAA1601: {
    ...invalidScope,
    meaning: 'Scope not in the catalogue',
    remedy: 'Request scopes that the resource defines.',
  },
  XAA1602: {
    ...invalidScope,
    meaning: 'Nothing left after narrowing',
    remedy: 'Request scopes that the connection allows.',
  },
  XAA1603: {
    kind: 'narrowed',
    http: 200,
    owner: 'administrator',
    meaning: 'Scope removed',
    remedy: 'Add the scope to the connection if it is needed.',
  },
  XAA1604: {
    ...invalidScope,
    owner: 'administrator',
    meaning: 'Scope needs an approval that the connection does not have',
    remedy: 'Approve the scope for the connection, or request its approval.',
  },
  XAA1605: {
    ...invalidScope,
    owner: 'administrator',
    meaning: 'Scope has changed its meaning since it was approved',
    remedy: 'Review what changed, then approve the scope again.',
  },
  XAA1606: { ...invalidScope, meaning: 'Scope malformed', remedy: 'Send space-separated scope tokens.' },
  XAA1607: {
    ...invalidScope,
    owner: 'administrator',
    meaning: 'Access token has no scope that allows this one',
    remedy:
      'Let the calling app request a scope that `delegation.scopes` of the connection lists, or list one that it has.',
  },

  XAA1701: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning: 'A policy denies',
    remedy: 'See the policy and the clause that matched.',
  },
  XAA1702: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning: 'A policy requirement is not met',
    remedy: 'See the clause and the observed value.',
  },
  XAA1704: {
    ...accessDenied,
    kind: 'indeterminate',
    meaning: 'An input is missing, so the policy cannot be decided',
    remedy: 'Supply the input that the clause names.',
  },

  XAA1801: {
    kind: 'precondition_failed',
    http: 400,
    error: 'insufficient_user_authentication',
    owner: 'user',
    meaning: 'Stronger or fresher sign-in needed',
    remedy: 'Sign in again with the acr_values and max_age of the response.',
  },
  XAA1802: {
    ...accessDenied,
    kind: 'pending',
    meaning: 'An access request for this user is pending',
    remedy: 'Approve or decline the access request that the check names.',
  },

  XAA1901: { ...blocked, meaning: 'User blocked', remedy: 'An administrator ends the block.' },
  XAA1902: { ...blocked, meaning: 'App blocked', remedy: 'An administrator ends the block.' },
  XAA1903: { ...blocked, meaning: 'Kill switch', remedy: 'An administrator lifts the kill switch.' },
  XAA1904: {
    kind: 'blocked',
    http: 429,
    error: 'slow_down',
    owner: 'developer',
    meaning: 'Volume cap reached',
    remedy: 'Wait for Retry-After seconds, or up to an hour if it is absent.',
  },

  XAA2001: {
    kind: 'precondition_failed',
    http: 400,
    error: 'unsupported_grant_type',
    owner: 'developer',
    meaning: 'Grant not offered',
    remedy: 'Use grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer.',
  },
  XAA2002: {
    ...invalidRequest,
    meaning: 'Parameter missing, repeated or malformed',
    remedy: 'Send each parameter once and well formed.',
  },
  XAA2101: {
    ...invalidClient,
    meaning: 'Client authentication failed',
    remedy: 'Use the client id and secret that this authorization server gave, not those of the IdP.',
  },
  XAA2102: {
    ...unauthorizedClient,
    meaning: 'Client disabled or not allowed this grant',
    remedy: 'The resource owner allows the grant for this client.',
  },
  XAA2103: {
    ...invalidGrant,
    owner: 'administrator',
    meaning: 'client_id of the ID-JAG is not the authenticated client',
    remedy: 'Put the client id used here into the connection at the IdP.',
  },
  XAA2104: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Client may not redeem grants of this issuer',
    remedy: 'The resource owner lists the issuer for this client.',
  },
  XAA2105: clientKeysUnreachable,
  XAA2106: secretGuessing,

  XAA2201: {
    ...invalidGrant,
    meaning: 'Not an ID-JAG: typ or form is wrong',
    remedy: 'Send the access_token of the token exchange, not an ID or access token.',
  },
  XAA2202: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Issuer not trusted',
    remedy: 'The resource owner adds the issuer, byte for byte.',
  },
  XAA2203: {
    ...invalidGrant,
    meaning: 'Signature wrong, or key unknown',
    remedy: 'Get a new ID-JAG; check that the issuer publishes its key.',
  },
  XAA2204: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'vendor',
    meaning: "Issuer's keys unreachable",
    remedy:
      'Check network and TLS between this server and the issuer, then retry. The failed check states the cause.',
  },
  XAA2205: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Algorithm refused',
    remedy: 'Sign with an algorithm from the allow-list of this issuer.',
  },
  XAA2206: {
    ...invalidGrant,
    meaning: 'ID-JAG expired',
    remedy: 'Get a new ID-JAG. If it was new, compare the clocks of issuer and server.',
  },
  XAA2207: {
    ...invalidGrant,
    meaning: 'ID-JAG not yet valid',
    remedy: 'Compare the clocks of issuer and server.',
  },
  XAA2208: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'ID-JAG lives longer than allowed',
    remedy: 'Issue with a shorter lifetime.',
  },
  XAA2209: {
    ...invalidGrant,
    meaning: 'ID-JAG already used',
    remedy: 'Get a new ID-JAG for every redemption.',
  },
  XAA2210: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Required claim missing or of the wrong type',
    remedy: 'Issue with all required claims.',
  },
  XAA2211: {
    ...invalidGrant,
    meaning: 'aud is not this server',
    remedy: "Request an ID-JAG for this server's issuer, exactly as in its metadata.",
  },
  XAA2212: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Not exactly one aud',
    remedy: 'Issue with exactly one audience.',
  },
  XAA2213: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Resource not served here',
    remedy: 'Request a resource that this server protects.',
  },
  XAA2214: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Tenant missing or wrong',
    remedy: 'Compare tenant and aud_tenant on both sides.',
  },
  XAA2215: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Key binding missing, wrong or of an unknown method',
    remedy: 'Send a DPoP proof by the key that the ID-JAG or code is bound to.',
  },
  XAA2216: { ...invalidGrant, meaning: 'Revoked by issuer', remedy: 'Get a new ID-JAG, or a new code.' },
  XAA2217: {
    kind: 'precondition_failed',
    http: 400,
    error: 'invalid_target',
    owner: 'developer',
    meaning: 'resource parameter outside the ID-JAG, the code or this server',
    remedy: 'Request only resources that the ID-JAG or code names, and that this server serves.',
  },
  XAA2218: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'act claim refused',
    remedy: 'Send an act object with sub, nested at most four deep.',
  },
  XAA2219: {
    kind: 'precondition_failed',
    http: 400,
    error: 'invalid_dpop_proof',
    owner: 'developer',
    meaning: 'DPoP proof refused',
    remedy: 'Send one fresh proof for POST and this token endpoint, signed by the key in its header.',
  },
  XAA2220: {
    kind: 'precondition_failed',
    http: 400,
    error: 'use_dpop_nonce',
    owner: 'developer',
    meaning: 'DPoP nonce needed',
    remedy: 'Repeat the request once with the nonce from the DPoP-Nonce header.',
  },
  XAA2221: {
    kind: 'no_match',
    http: 400,
    error: 'invalid_authorization_details',
    owner: 'developer',
    meaning: 'authorization_details unknown, invalid or beyond the ID-JAG here',
    remedy: 'Use the types that this server publishes.',
  },
  XAA2222: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Claims about the user are too large for an access token',
    remedy: 'Shorten the values at the identity provider, or list fewer claims for the resource.',
  },

  XAA2301: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'User not found',
    remedy: 'Provision the user, send aud_sub, or allow just-in-time provisioning.',
  },
  XAA2302: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Several users match',
    remedy: 'Link the user once by issuer and sub.',
  },
  XAA2303: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'Account disabled',
    remedy: 'The resource owner enables the account.',
  },
  XAA2305: {
    ...invalidGrant,
    owner: 'vendor',
    meaning: 'E-mail fallback refused',
    remedy:
      'Have the IdP send a verified e-mail address in ID-JAGs, and list its domain at the issuer; or link by sub or aud_sub.',
  },
  XAA2306: {
    ...invalidGrant,
    owner: 'administrator',
    meaning: 'Workload is not accepted here',
    remedy: 'List its `sub` with a service account in `workloads` of the trusted issuer.',
  },
  XAA2401: {
    kind: 'no_match',
    http: 400,
    error: 'invalid_scope',
    owner: 'developer',
    meaning: 'Scope beyond the ID-JAG',
    remedy: 'Request a scope that the ID-JAG contains, or omit scope.',
  },
  XAA2402: {
    ...accessDenied,
    owner: 'vendor',
    kind: 'explicit_deny',
    meaning: 'Refused by a local rule',
    remedy: 'Ask the resource owner.',
  },
  XAA2403: {
    ...invalidScope,
    owner: 'vendor',
    meaning: 'No requested scope is known here',
    remedy: 'Register the scope here, or remove it from the connection.',
  },
  XAA2404: {
    ...invalidScope,
    meaning: 'Scope malformed',
    remedy: 'Send space-separated scope tokens.',
  },

  XAA2501: {
    ...invalidGrant,
    meaning: 'Authorization code unknown or expired',
    remedy: 'Redeem the code within a minute, or send the user to the authorization endpoint again.',
  },
  XAA2502: {
    ...invalidGrant,
    meaning: 'Authorization code was issued to another client or redirect URI',
    remedy: 'Redeem the code as the client that requested it, with the same redirect_uri.',
  },
  XAA2503: {
    ...invalidGrant,
    meaning: 'code_verifier does not match the code_challenge',
    remedy: 'Send the code_verifier whose SHA-256 was the code_challenge of the request.',
  },
  XAA2504: {
    ...invalidGrant,
    meaning: 'Authorization code already used',
    remedy: 'Send the user to the authorization endpoint again. Tokens of the first use were revoked.',
  },
  XAA2505: {
    ...accessDenied,
    kind: 'explicit_deny',
    meaning: 'The company requires access through its identity provider',
    remedy: 'Use an app that the company connected at its identity provider, or ask its administrators.',
  },

  XAA2601: {
    ...invalidGrant,
    meaning: 'Access token unknown, expired or revoked, so no stored credential is released for it',
    remedy: 'Refuse the request with 401; the app gets a new access token.',
  },
  XAA2602: {
    ...unauthorizedClient,
    meaning: 'Client is not the gateway of the resource',
    remedy: 'List every resource of the token in introspects of the gateway client.',
  },
  XAA2603: {
    ...invalidTarget,
    owner: 'administrator',
    meaning: 'Resource is not brokered, or the token was not issued for an ID-JAG of this server',
    remedy: 'Set brokered on the resource app, and use ID-JAGs of the identity provider of this server.',
  },
  XAA2604: {
    kind: 'precondition_failed',
    http: 400,
    error: 'interaction_required',
    owner: 'user',
    meaning: 'No stored credential',
    remedy: 'Connect the account on the page that error_uri names, then try again.',
  },
  XAA2605: {
    kind: 'indeterminate',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'vendor',
    meaning: 'Stored credential could not be refreshed: the token endpoint of the service did not respond',
    remedy: 'Try again after Retry-After seconds.',
  },

  XAA3001: {
    ...invalidToken,
    meaning: 'No token',
    remedy: 'Read resource_metadata and get an access token.',
  },
  XAA3002: {
    ...invalidToken,
    meaning: 'Token for another resource',
    remedy: 'Get a token whose aud is this resource.',
  },
  XAA3003: {
    ...invalidToken,
    meaning: 'Token expired',
    remedy: 'Get a new token. If it was new, compare the clocks of API and authorization server.',
  },
  XAA3004: {
    kind: 'no_match',
    http: 403,
    error: 'insufficient_scope',
    owner: 'developer',
    meaning: 'Scope not covered',
    remedy: 'Request the scope in the challenge.',
  },
  XAA3005: {
    ...invalidToken,
    meaning: 'ID-JAG used as access token',
    remedy: 'Redeem the ID-JAG at the authorization server first.',
  },
  XAA3006: {
    ...invalidToken,
    meaning: 'ID token used as access token',
    remedy: 'Exchange the ID token and redeem the ID-JAG first.',
  },
  XAA3007: {
    ...invalidToken,
    meaning: 'Token revoked',
    remedy: 'Get a new token; if that is refused, access was revoked.',
  },
  XAA3008: {
    ...invalidToken,
    meaning: 'Token malformed, or signed by an unknown key',
    remedy: 'Send the access token unchanged.',
  },
  XAA3009: {
    kind: 'no_match',
    http: 403,
    error: 'insufficient_scope',
    owner: 'developer',
    meaning: 'Tool not covered by the scopes',
    remedy: 'Request the scope in the challenge.',
  },
  XAA3010: {
    kind: 'precondition_failed',
    http: 401,
    error: 'invalid_dpop_proof',
    owner: 'developer',
    meaning: 'DPoP proof missing or refused at the resource',
    remedy: 'Send the DPoP scheme with a fresh proof that contains ath.',
  },

  XAA4001: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'No metadata found',
    remedy: 'Publish RFC 8414 or OpenID Connect metadata for the issuer.',
  },
  XAA4003: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'Issuer in the metadata is not the requested one',
    remedy: 'Use the issuer exactly as the metadata names it.',
  },
  XAA4005: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'developer',
    meaning: 'Not a token endpoint',
    remedy: 'Take the token endpoint from the metadata.',
  },
  XAA4006: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'Protected resource metadata names another resource',
    remedy: 'Publish the resource identifier that clients use.',
  },
  XAA4012: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'developer',
    meaning: 'Authorization server that does not issue ID-JAGs',
    remedy: "Use the organisation's own authorization server.",
  },

  XAA5001: {
    kind: 'explicit_deny',
    http: 0,
    owner: 'administrator',
    meaning: 'Blocked by the organisation',
    remedy: 'Ask an administrator; another token or a consent screen will not help.',
  },
  XAA5002: { kind: 'precondition_failed', http: 0, owner: 'user', meaning: 'No session', remedy: 'Sign in.' },
  XAA5003: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'developer',
    meaning: 'The response does not match the request',
    remedy:
      'The grant was discarded. Compare both values with your own settings first, then check the server.',
  },
  XAA5004: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'Authorization server lacks the ID-JAG profile',
    remedy: 'Use a server that lists the grant profile.',
  },
  XAA5005: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'developer',
    meaning: 'No registration at this authorization server',
    remedy: 'Configure a client id for its issuer.',
  },
  XAA5006: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'developer',
    meaning: 'Insecure endpoint',
    remedy: 'Use https; http is for loopback hosts only.',
  },
  XAA5007: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'Server unreachable, or responded with an error',
    remedy: 'Retry later.',
  },
  XAA5008: {
    kind: 'precondition_failed',
    http: 0,
    owner: 'vendor',
    meaning: 'ID-JAG refused for trust, user or clock; the server does not tell which',
    remedy:
      'Look up its decision record. Otherwise check, in this order: it trusts the issuer, the user is known and enabled there, the clocks agree.',
  },

  XAA9001: {
    kind: 'precondition_failed',
    http: 500,
    error: 'server_error',
    owner: 'vendor',
    meaning: 'Internal fault; nothing was granted',
    remedy: 'See the server log under the decision id.',
  },
  XAA9002: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'administrator',
    meaning: 'Storage or key provider unavailable; nothing was granted',
    remedy: 'Retry after the seconds in `Retry-After`; `/readyz` and the server log name the cause.',
  },
} as const satisfies Record<`XAA${number}`, DecisionCode>

export type XaaCode = keyof typeof DECISION_CODES

/** The Retry-After of a 503, unless a better estimate is known. */
export const RETRY_AFTER_SECONDS = 30

/** The one sentence that each OAuth error has on the wire; details stay in the decision record. */
export const WIRE_DESCRIPTION: Record<OAuthErrorCode, string> = {
  invalid_request: 'The request is malformed.',
  invalid_client: 'Client authentication failed.',
  invalid_grant: 'The grant or token presented is not valid here.',
  unauthorized_client: 'The client may not use this grant.',
  unsupported_grant_type: 'The grant type is not offered here.',
  invalid_scope: 'The requested scope is not available.',
  invalid_target: 'The requested target is not available to this client.',
  invalid_authorization_details: 'The authorization details are not acceptable.',
  access_denied: 'The requested access is not permitted.',
  insufficient_user_authentication: 'A stronger or more recent sign-in is needed.',
  interaction_required: 'The account of the user is not connected yet; error_uri is the page that does it.',
  invalid_dpop_proof: 'The DPoP proof is not valid.',
  use_dpop_nonce: 'A DPoP nonce is needed.',
  slow_down: 'Too many requests.',
  temporarily_unavailable: 'The server cannot answer now; try again later.',
  server_error: 'The server met a fault.',
  invalid_token: 'The access token is not valid here.',
  insufficient_scope: 'The access token does not cover this.',
}

/** Parameter names are public, so developers learn what is missing without the decision record. */
export function describeMissingParameters(names: readonly string[]): string {
  return `Missing parameter${names.length === 1 ? '' : 's'}: ${names.join(', ')}.`
}
