// The protocol's constant strings, copied exactly from their specifications.

export const GRANT_TYPE = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  /** RFC 8693 section 2.1 */
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  /** RFC 7523 section 2.1 */
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  /** draft-parecki-oauth-jwt-dpop-grant */
  jwtDpop: 'urn:ietf:params:oauth:grant-type:jwt-dpop',
} as const

export const TOKEN_TYPE = {
  idJag: 'urn:ietf:params:oauth:token-type:id-jag',
  idToken: 'urn:ietf:params:oauth:token-type:id_token',
  saml2: 'urn:ietf:params:oauth:token-type:saml2',
  refreshToken: 'urn:ietf:params:oauth:token-type:refresh_token',
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  /** Our own: a credential stored in the vault, for gateways only */
  storedCredential: 'urn:crosswalk:token-type:stored-credential',
} as const

/** The `typ` header of each kind of JWT; all differ, so no kind passes for another (RFC 8725 section 3.11). */
export const JWT_TYP = {
  idJag: 'oauth-id-jag+jwt',
  accessToken: 'at+jwt',
  clientAssertion: 'client-authentication+jwt',
  dpopProof: 'dpop+jwt',
  logoutToken: 'logout+jwt',
  securityEvent: 'secevent+jwt',
  globalRevocation: 'global-token-revocation+jwt',
} as const

/** The authentication context classes (`acr`) that a sign-in here can achieve. */
export const ACR = {
  /** Password only */
  password: 'pwd',
  /** Password and a second factor */
  multiFactor: 'mfa',
} as const

/** How a user authenticated (`amr`, RFC 8176 section 2). */
export const AMR = {
  password: 'pwd',
  oneTimeCode: 'otp',
  /** A device-bound key, according to its device */
  hardwareKey: 'hwk',
  /** A key that is synchronized between the user's devices */
  softwareKey: 'swk',
} as const

/** draft-ietf-oauth-identity-assertion-authz-grant section 7.2 */
export const ID_JAG_PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag'

/** RFC 7523 section 2.2 */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** For a JWT-SVID (draft-ietf-oauth-spiffe-client-auth) */
export const SPIFFE_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe'

/** The `token_type` of a token exchange whose result is not an access token (RFC 8693 section 2.2.1). */
export const TOKEN_TYPE_NOT_APPLICABLE = 'N_A'

export const MCP_EMA_EXTENSION = 'io.modelcontextprotocol/enterprise-managed-authorization'

/** The response header that names the decision record of a token request. */
export const DECISION_HEADER = 'Crosswalk-Decision'
