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

type Usual = Omit<DecisionCode, 'meaning' | 'remedy'>

/** @returns a function that builds codes of one kind from meaning, remedy and differences from the usual values */
function refusal(usual: Usual) {
  return (meaning: string, remedy: string, different: Partial<Usual> = {}): DecisionCode => ({
    meaning,
    ...usual,
    ...different,
    remedy,
  })
}

const invalidRequest = refusal({
  kind: 'precondition_failed',
  http: 400,
  error: 'invalid_request',
  owner: 'developer',
})
const invalidClient = refusal({
  kind: 'precondition_failed',
  http: 401,
  error: 'invalid_client',
  owner: 'developer',
})
const clientKeysUnreachable = {
  kind: 'precondition_failed',
  http: 503,
  error: 'temporarily_unavailable',
  owner: 'developer',
  meaning: 'Keys or metadata document of the client unreachable',
  remedy:
    'Check network and TLS between this server and the jwksUri or metadata document of the client, then retry.',
} as const
const secretGuessing = {
  kind: 'blocked',
  http: 429,
  error: 'slow_down',
  owner: 'developer',
  meaning: 'Too many wrong client secrets from this address',
  remedy: 'Wait for Retry-After seconds, then send the secret that this issuer gave.',
} as const
const unauthorizedClient = refusal({
  kind: 'precondition_failed',
  http: 400,
  error: 'unauthorized_client',
  owner: 'administrator',
})
const invalidGrant = refusal({
  kind: 'precondition_failed',
  http: 400,
  error: 'invalid_grant',
  owner: 'developer',
})
const invalidTarget = refusal({ kind: 'no_match', http: 400, error: 'invalid_target', owner: 'developer' })
const accessDenied = refusal({ kind: 'no_match', http: 400, error: 'access_denied', owner: 'administrator' })
const invalidScope = refusal({ kind: 'no_match', http: 400, error: 'invalid_scope', owner: 'developer' })
const blocked = refusal({ kind: 'blocked', http: 400, error: 'access_denied', owner: 'administrator' })
const invalidToken = refusal({
  kind: 'precondition_failed',
  http: 401,
  error: 'invalid_token',
  owner: 'developer',
})

/** For problems that clients detect themselves, so our servers never send them. */
const offTheWire = refusal({ kind: 'precondition_failed', http: 0, owner: 'vendor' })

export const DECISION_CODES = {
  XAA0000: { meaning: 'Allowed', kind: 'allowed', http: 200, owner: 'nobody', remedy: 'Nothing to do.' },
  XAA0001: {
    meaning: 'Allowed, with less than requested',
    kind: 'narrowed',
    http: 200,
    owner: 'administrator',
    remedy: 'See what was narrowed and why; widen the connection if more is needed.',
  },

  XAA1000: invalidRequest(
    'Request refused before it was read: method, content type, size or encoding',
    'Send a POST of application/x-www-form-urlencoded, at most 64 KiB, without content encoding.',
  ),
  XAA1001: invalidRequest('Parameter missing', 'Add the parameter that the failed check names.'),
  XAA1002: invalidRequest(
    'requested_token_type is not the ID-JAG type',
    'Send requested_token_type=urn:ietf:params:oauth:token-type:id-jag.',
  ),
  XAA1003: invalidRequest(
    'subject_token_type is not supported',
    'Send a token of a type that the failed check lists, and its subject_token_type.',
  ),
  XAA1004: invalidRequest('Parameter repeated or malformed', 'Send each parameter once and well formed.'),
  XAA1005: invalidRequest(
    'actor_token is not accepted here',
    'Omit actor_token and actor_token_type, or ask the administrator to enable the actor profile.',
  ),
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
  XAA1009: invalidGrant(
    'A sign-in grant (code or refresh token) was refused by the sign-in provider',
    'Start a new authorization request.',
  ),
  XAA1010: invalidRequest(
    'Actor token missing, malformed, or not of a registered app for this client',
    'Send one fresh JWT of typ actor-token+jwt, signed by the acting app, with actor_token_type urn:ietf:params:oauth:token-type:jwt.',
  ),

  XAA1101: invalidClient(
    'Unknown client or wrong secret',
    'Use the client id and secret that this issuer gave; they differ between IdP and resource.',
  ),
  XAA1102: invalidClient(
    'Client assertion refused',
    'Sign a new assertion: aud = only this issuer, iss = sub = client id, short exp, new jti, a registered key.',
  ),
  XAA1103: unauthorizedClient(
    'Public client',
    'Authenticate with a secret or a key; a public client must be registered as such and bind its grants by DPoP.',
  ),
  XAA1104: unauthorizedClient('Client disabled, or token exchange not enabled for it', 'Enable the app.'),
  XAA1105: invalidRequest('More than one client authentication method', 'Use one method per request.'),
  XAA1106: {
    ...clientKeysUnreachable,
    meaning: 'Keys or metadata document of the client, or keys of the actor, unreachable',
    remedy:
      'Check network and TLS between this server and the jwksUri or metadata document of that app, then retry.',
  },
  XAA1107: secretGuessing,
  XAA1108: unauthorizedClient(
    'The app may not use this grant: it has no redirect URI, or its metadata document does not list the grant',
    'Request a token exchange, add a redirect URI to the app, or list the grant in its document.',
  ),

  XAA1201: invalidGrant(
    'Subject token: signature, issuer or form is wrong',
    'Send the ID token that this IdP issued to this app, unchanged.',
  ),
  XAA1202: invalidGrant(
    'Subject token expired',
    'Refresh the ID token, exchange the refresh token instead, or get a new assertion. If it is new, compare the clocks of its issuer and this server.',
  ),
  XAA1203: invalidGrant(
    'Subject token was issued to another app',
    'Sign the user in with this app and send that ID token.',
  ),
  XAA1204: invalidGrant(
    'Subject token older than the app may exchange',
    'Sign in again; or the app refreshes its ID token, or exchanges the refresh token instead.',
    { owner: 'user' },
  ),
  XAA1205: invalidGrant('Session ended, or refresh token revoked or expired', 'Sign in again.', {
    owner: 'user',
  }),
  XAA1206: invalidGrant('Subject token not yet valid', 'Check the clock of the server that issued it.'),
  XAA1207: invalidGrant('SAML audience is not mapped to this client', 'Map the SAML audience to the app.', {
    owner: 'administrator',
  }),
  XAA1208: invalidGrant(
    'Subject token is of another kind than declared',
    'Send the token whose type subject_token_type names: an id_token, not an ID-JAG or other JWT.',
  ),
  XAA1209: invalidGrant(
    'SAML assertion refused',
    'Send the signed authentication assertion of the trusted SAML issuer, once.',
  ),
  XAA1210: invalidGrant(
    'Upstream ID token: signature or form is wrong',
    'Send the ID token as the other identity provider issued it. If it is unchanged, compare `algorithms` and the keys of the subject issuer.',
  ),
  XAA1211: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'administrator',
    meaning: 'Keys of the subject issuer unreachable',
    remedy:
      'Check network and TLS between this server and the subject issuer, then retry. The failed check states the cause.',
  },
  XAA1212: invalidGrant(
    'Upstream ID token was issued to a client that is not this app',
    "Map the token's audience to the app in `audiences` of the subject issuer, or send the app's own ID token.",
    { owner: 'administrator' },
  ),
  XAA1213: invalidGrant(
    'Upstream ID token lacks a required claim',
    'Sign in with an account of the required tenant, or change `requireClaims`, `nonce` or `session` of the subject issuer.',
    { owner: 'administrator' },
  ),
  XAA1214: accessDenied(
    'No user here is linked to the upstream ID token',
    'Create the user, or link by another claim (`link` of the subject issuer), or let users be created (`provisioning: jit`).',
    { kind: 'precondition_failed' },
  ),
  XAA1215: invalidGrant(
    'Upstream ID token is too old',
    'Sign in again at the other identity provider, or refresh the ID token there.',
    { owner: 'user' },
  ),
  XAA1216: invalidGrant(
    'Signed out upstream, or sessions ended by an administrator',
    'Sign in again at the other identity provider, and send the new ID token.',
    { owner: 'user' },
  ),

  XAA1217: invalidGrant(
    'Access token unknown here, expired or revoked, or not issued for an ID-JAG of this IdP',
    'Let the calling app get a new access token, and send that one unchanged.',
  ),
  XAA1218: invalidGrant(
    'Access token was issued for another resource app',
    'Send an access token that was issued for your API, or set `serviceOf` of the app to the resource app.',
    { owner: 'administrator' },
  ),
  XAA1219: invalidGrant(
    'Subject token is bound to a key that was not proved',
    'Sign the DPoP proof with the key of the subject token, or get one that is not bound to another key.',
  ),
  XAA1220: accessDenied(
    'An app or connection earlier in the chain is blocked, disabled, suspended, revoked or not open now',
    'Enable the app, resume or extend the connection, or lift the block that the check names.',
    { kind: 'explicit_deny' },
  ),
  XAA1221: invalidGrant(
    'Workload token is not the client assertion of the same request',
    'Authenticate with private_key_jwt, and send that client assertion as subject_token, too.',
  ),

  XAA1301: invalidTarget(
    'Audience unknown',
    "Send the issuer of the resource's authorization server as audience, or register it.",
  ),
  XAA1302: invalidTarget(
    'Audience differs only by slash, case or port',
    "Send the issuer exactly as in the server's metadata.",
  ),
  XAA1303: invalidTarget(
    'Resource unknown for this audience',
    'Send a resource identifier that is registered behind this audience.',
  ),
  XAA1304: invalidTarget(
    'The connection or the audience does not cover this resource',
    'Request resources of one resource app that the connection lists.',
  ),
  XAA1305: invalidTarget(
    'Resource needed: several resource apps share this audience, or the resource app requires it',
    'Send the resource parameter.',
  ),
  XAA1306: invalidTarget(
    'Audience is this IdP itself',
    "Name the resource's authorization server; an IdP never redeems its own ID-JAG.",
  ),
  XAA1307: invalidTarget('Resource app disabled', 'Enable the resource app.', {
    owner: 'administrator',
  }),
  XAA1308: {
    kind: 'no_match',
    http: 400,
    error: 'invalid_authorization_details',
    owner: 'developer',
    meaning: 'authorization_details malformed, unknown or not allowed',
    remedy: 'Send a JSON array of objects of the types that the connection allows.',
  },

  XAA1401: invalidTarget(
    'No connection between this app and this resource app',
    'Create the connection, or let the user request it.',
    { owner: 'administrator' },
  ),
  XAA1402: accessDenied('Connection is a draft or report-only', 'Activate the connection.', {
    kind: 'pending',
  }),
  XAA1403: accessDenied('Connection suspended', 'Resume the connection.', { kind: 'explicit_deny' }),
  XAA1404: accessDenied(
    'Connection expired or not started',
    'Extend the connection, or wait until it starts.',
  ),
  XAA1405: accessDenied(
    'Outside the time window of the connection',
    'Retry when the window is open, or change the window.',
  ),
  XAA1406: invalidTarget(
    'No client id at the resource',
    "Fill in the app's client id at the resource's authorization server.",
    { owner: 'administrator' },
  ),
  XAA1407: accessDenied(
    'Connection revoked',
    'Resume the connection as an owner or administrator, or delete it and create a new one.',
    {
      kind: 'explicit_deny',
    },
  ),
  XAA1408: accessDenied(
    'Actor not allowed over the connection',
    'Add the acting app to `actors` of the connection.',
    { owner: 'administrator' },
  ),

  XAA1409: accessDenied(
    'Connection accepts no access tokens, or no chain of this length',
    'Set `delegation` of the connection, or raise its `maxDepth`.',
  ),
  XAA1410: accessDenied(
    'Connection is for users and not for workloads, or the reverse',
    'Register the workload as a separate app, with a connection whose `subject` is workload.',
  ),

  XAA1501: accessDenied(
    'User not assigned to the requesting app',
    'Assign the user, or one of their groups, to the app.',
  ),
  XAA1502: accessDenied(
    'User not assigned to the resource app',
    'Assign the user, or one of their groups, to the resource app.',
  ),
  XAA1503: accessDenied(
    'User not in the connection',
    'Add the user, or one of their groups, to the connection.',
  ),
  XAA1504: accessDenied(
    'User disabled or unknown',
    'Enable the user; if the user is unknown here, correct the name or create the user.',
    { kind: 'precondition_failed' },
  ),
  XAA1505: accessDenied(
    'User has no value for the subject',
    'Fill in the attribute, or change the subject of the resource app.',
    { kind: 'precondition_failed' },
  ),
  XAA1506: accessDenied(
    'Another user has the same identifier',
    'Give each user a separate value, or change the subject of the resource app to user.id or pairwise.',
    { kind: 'precondition_failed' },
  ),

  XAA1601: invalidScope('Scope not in the catalogue', 'Request scopes that the resource defines.'),
  XAA1602: invalidScope(
    'Nothing left after narrowing',
    'Request scopes that the connection and the policies allow.',
  ),
  XAA1603: {
    kind: 'narrowed',
    http: 200,
    owner: 'administrator',
    meaning: 'Scope removed',
    remedy: 'Add the scope to the connection if it is needed.',
  },
  XAA1604: invalidScope(
    'Scope needs an approval that the connection does not have',
    'Approve the scope for the connection, or request its approval.',
    { owner: 'administrator' },
  ),
  XAA1605: invalidScope(
    'Scope has changed its meaning since it was approved',
    'Review what changed, then approve the scope again.',
    { owner: 'administrator' },
  ),
  XAA1606: invalidScope('Scope malformed', 'Send space-separated scope tokens.'),
  XAA1607: invalidScope(
    'Access token has no scope that allows this one',
    'Let the calling app request a scope that `delegation.scopes` of the connection lists, or list one that it has.',
    { owner: 'administrator' },
  ),

  XAA1701: accessDenied('A policy denies', 'See the policy and the clause that matched.', {
    kind: 'explicit_deny',
  }),
  XAA1702: accessDenied('A policy requirement is not met', 'See the clause and the observed value.', {
    kind: 'explicit_deny',
  }),
  XAA1704: accessDenied(
    'An input is missing, so the policy cannot be decided',
    'Supply the input that the clause names.',
    { kind: 'indeterminate' },
  ),

  XAA1801: {
    kind: 'precondition_failed',
    http: 400,
    error: 'insufficient_user_authentication',
    owner: 'user',
    meaning: 'Stronger or fresher sign-in needed',
    remedy: 'Sign in again with the acr_values and max_age of the response.',
  },
  XAA1802: accessDenied(
    'An access request for this user is pending',
    'Approve or decline the access request that the check names.',
    { kind: 'pending' },
  ),

  XAA1901: blocked('User blocked', 'Lift the block.'),
  XAA1902: blocked('App blocked', 'Lift the block.'),
  XAA1903: blocked('Kill switch', 'Lift the kill switch.'),
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
  XAA2002: invalidRequest(
    'Parameter missing, repeated or malformed',
    'Send each parameter once and well formed, and one client authentication method.',
  ),
  XAA2101: invalidClient(
    'Client authentication failed',
    'Use the method and credentials that this server registered, not those of the IdP; sign a new assertion each time.',
  ),
  XAA2102: unauthorizedClient(
    'Client disabled, not allowed this grant, or public and without a DPoP proof',
    'Allow the grant for this client; a public client must send a DPoP proof.',
  ),
  XAA2103: invalidGrant(
    'client_id of the ID-JAG is not the authenticated client',
    'Put the client id used here into the connection at the IdP.',
    { owner: 'administrator' },
  ),
  XAA2104: invalidGrant('Client may not redeem grants of this issuer', 'Allow the issuer for this client.', {
    owner: 'vendor',
  }),
  XAA2105: clientKeysUnreachable,
  XAA2106: secretGuessing,

  XAA2201: invalidGrant(
    'Not an ID-JAG: typ or form is wrong',
    'Send the access_token of the token exchange, not an ID or access token.',
  ),
  XAA2202: invalidGrant('Issuer not trusted', 'Add the issuer to the trusted issuers, byte for byte.', {
    owner: 'vendor',
  }),
  XAA2203: invalidGrant(
    'Signature wrong, or key unknown',
    'Get a new ID-JAG; check that the issuer publishes its key.',
  ),
  XAA2204: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'vendor',
    meaning: "Issuer's keys unreachable",
    remedy:
      'Check network and TLS between this server and the issuer, then retry. The failed check states the cause.',
  },
  XAA2205: invalidGrant('Algorithm refused', 'Sign with an algorithm from the allow-list of this issuer.', {
    owner: 'vendor',
  }),
  XAA2206: invalidGrant(
    'ID-JAG expired',
    'Get a new ID-JAG. If it was new, compare the clocks of issuer and server.',
  ),
  XAA2207: invalidGrant('ID-JAG not yet valid', 'Compare the clocks of issuer and server.'),
  XAA2208: invalidGrant('ID-JAG lives longer than allowed', 'Issue with a shorter lifetime.', {
    owner: 'vendor',
  }),
  XAA2209: invalidGrant('ID-JAG already used', 'Get a new ID-JAG for every redemption.'),
  XAA2210: invalidGrant('Required claim missing or of the wrong type', 'Issue with all required claims.', {
    owner: 'vendor',
  }),
  XAA2211: invalidGrant(
    'aud is not this server',
    "Request an ID-JAG for this server's issuer, exactly as in its metadata.",
  ),
  XAA2212: invalidGrant('Not exactly one aud', 'Issue with exactly one audience.', { owner: 'vendor' }),
  XAA2213: invalidGrant(
    'Resource not served here, or none named although there are several',
    'Name a resource that this server protects in the token exchange.',
  ),
  XAA2214: invalidGrant('Tenant missing or wrong', 'Compare tenant and aud_tenant on both sides.', {
    owner: 'vendor',
  }),
  XAA2215: invalidGrant(
    'Key binding missing, wrong or of an unknown method',
    'Send a DPoP proof by the key that the ID-JAG or code is bound to.',
    { owner: 'vendor' },
  ),
  XAA2216: invalidGrant('Revoked by issuer', 'Get a new ID-JAG, or a new code.'),
  XAA2217: {
    kind: 'precondition_failed',
    http: 400,
    error: 'invalid_target',
    owner: 'developer',
    meaning: 'resource parameter outside the ID-JAG, the code or this server',
    remedy: 'Request only resources that the ID-JAG or code names, and that this server serves.',
  },
  XAA2218: invalidGrant('act claim refused', 'Send an act object with sub, nested at most four deep.', {
    owner: 'vendor',
  }),
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
  XAA2222: invalidGrant(
    'Claims about the user are too large for an access token',
    'Shorten the values at the identity provider, or list fewer claims for the resource.',
    { owner: 'vendor' },
  ),

  XAA2301: invalidGrant(
    'User not found',
    'Provision the user, send aud_sub, or allow just-in-time provisioning.',
    { owner: 'vendor' },
  ),
  XAA2302: invalidGrant('Several users match', 'Link the user once by issuer and sub.', { owner: 'vendor' }),
  XAA2303: invalidGrant('Account disabled', 'Enable the account.', { owner: 'vendor' }),
  XAA2305: invalidGrant(
    'E-mail fallback refused',
    'Have the IdP send a verified e-mail address in ID-JAGs, and list its domain at the issuer; or link by sub or aud_sub.',
    { owner: 'vendor' },
  ),
  XAA2306: invalidGrant(
    'Workload is not accepted here',
    'List its `sub` with a service account in `workloads` of the trusted issuer.',
    { owner: 'administrator' },
  ),
  XAA2401: {
    kind: 'no_match',
    http: 400,
    error: 'invalid_scope',
    owner: 'developer',
    meaning: 'Scope beyond the ID-JAG',
    remedy: 'Request a scope that the ID-JAG contains, or omit scope.',
  },
  XAA2402: accessDenied('Refused by a local rule', 'Ask the resource owner.', {
    owner: 'vendor',
    kind: 'explicit_deny',
  }),
  XAA2403: invalidScope(
    'No scope that is known here',
    'Request a scope that this server knows, or register the requested one here.',
    { owner: 'vendor' },
  ),
  XAA2404: invalidScope('Scope malformed', 'Send space-separated scope tokens.'),

  XAA2501: invalidGrant(
    'Authorization code unknown or expired',
    'Redeem the code within a minute, or send the user to the authorization endpoint again.',
  ),
  XAA2502: invalidGrant(
    'Authorization code was issued to another client or redirect URI',
    'Redeem the code as the client that requested it, with the same redirect_uri.',
  ),
  XAA2503: invalidGrant(
    'code_verifier does not match the code_challenge',
    'Send the code_verifier whose SHA-256 was the code_challenge of the request.',
  ),
  XAA2504: invalidGrant(
    'Authorization code already used',
    'Send the user to the authorization endpoint again. Tokens of the first use were revoked.',
  ),
  XAA2505: accessDenied(
    'The company requires access through its identity provider',
    'Use an app that the company connected at its identity provider, or ask its administrators.',
    { kind: 'explicit_deny' },
  ),

  XAA2601: invalidGrant(
    'Access token unknown, expired or revoked, so no stored credential is released for it',
    'Refuse the request with 401; the app gets a new access token.',
  ),
  XAA2602: unauthorizedClient(
    'Client is not the gateway of the resource',
    'List every resource of the token in introspects of the gateway client.',
  ),
  XAA2603: invalidTarget(
    'Resource is not brokered, or the token was not issued for an ID-JAG of this server',
    'Set brokered on the resource app, and use ID-JAGs of the identity provider of this server.',
    { owner: 'administrator' },
  ),
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

  XAA3001: invalidToken('No token', 'Read resource_metadata and get an access token.'),
  XAA3002: invalidToken('Token for another resource', 'Get a token whose aud is this resource.'),
  XAA3003: invalidToken(
    'Token expired',
    'Get a new token. If it was new, compare the clocks of API and authorization server.',
  ),
  XAA3004: {
    kind: 'no_match',
    http: 403,
    error: 'insufficient_scope',
    owner: 'developer',
    meaning: 'Scope not covered',
    remedy: 'Request the scope in the challenge.',
  },
  XAA3005: invalidToken(
    'ID-JAG used as access token',
    'Redeem the ID-JAG at the authorization server first.',
  ),
  XAA3006: invalidToken(
    'ID token used as access token',
    'Exchange the ID token and redeem the ID-JAG first. If it is an access token, let its server set `typ` to `at+jwt`.',
  ),
  XAA3007: invalidToken('Token revoked', 'Get a new token; if that is refused, access was revoked.'),
  XAA3008: invalidToken('Token malformed, or signed by an unknown key', 'Send the access token unchanged.'),
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

  XAA4001: offTheWire('No metadata found', 'Publish RFC 8414 or OpenID Connect metadata for the issuer.'),
  XAA4003: offTheWire(
    'Issuer in the metadata is not the requested one',
    'Use the issuer exactly as the metadata names it.',
  ),
  XAA4005: offTheWire('Not a token endpoint', 'Take the token endpoint from the metadata.', {
    owner: 'developer',
  }),
  XAA4006: offTheWire(
    'Protected resource metadata names another resource',
    'Publish the resource identifier that clients use.',
  ),
  XAA4012: offTheWire(
    'Authorization server that does not issue ID-JAGs',
    "Use the organisation's own authorization server.",
    { owner: 'developer' },
  ),

  XAA5001: {
    kind: 'explicit_deny',
    http: 0,
    owner: 'administrator',
    meaning: 'Blocked by the organisation',
    remedy: 'Ask an administrator; another token or a consent screen will not help.',
  },
  XAA5002: { kind: 'precondition_failed', http: 0, owner: 'user', meaning: 'No session', remedy: 'Sign in.' },
  XAA5003: offTheWire(
    'The response does not match the request',
    'The grant was discarded. Compare both values with your own settings first, then check the server.',
    { owner: 'developer' },
  ),
  XAA5004: offTheWire(
    'Authorization server lacks the ID-JAG profile',
    'Use a server that lists the grant profile.',
  ),
  XAA5005: offTheWire(
    'No registration at this authorization server',
    'Configure a client id for its issuer.',
    { owner: 'developer' },
  ),
  XAA5006: offTheWire('Insecure endpoint', 'Use https; http is for loopback hosts only.', {
    owner: 'developer',
  }),
  XAA5007: offTheWire(
    'Server unreachable, or responded with an error',
    'Retry later. If it persists, check the issuer and the credentials that are configured for this server.',
  ),
  XAA5008: offTheWire(
    'ID-JAG refused; the server does not tell why',
    'Look up its decision record. Otherwise check, in this order: it trusts the issuer, the connection names the client used there, the user is known and enabled there, the clocks agree.',
  ),

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
    meaning: 'Storage, key provider or look-up of users unavailable; nothing was granted',
    remedy: 'Retry after the seconds in `Retry-After`; `/readyz` and the server log name the cause.',
  },
  XAA9003: {
    kind: 'precondition_failed',
    http: 503,
    error: 'temporarily_unavailable',
    owner: 'administrator',
    meaning: 'Too many requests in progress; nothing was evaluated',
    remedy:
      'Retry after the seconds in `Retry-After`. If it continues, raise `limits.requestsInProgress`, or add nodes.',
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

/** For credentials that no client could use here, whatever is registered */
export function describeAuthentication(expected: string): string {
  return `${WIRE_DESCRIPTION.invalid_client} Expected: ${expected}.`
}

/** For a parameter whose value is wrong whatever the definitions are */
export function describeWrongParameter(name: string): string {
  return `Unsupported value of the parameter ${name}.`
}
