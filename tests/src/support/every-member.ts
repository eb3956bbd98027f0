// A configuration with every member of every collection, for tests of what holds for all of them.
export const ISSUER = 'https://idp.acme.example'
const GATE = 'https://gate.acme.example'
const CALENDAR = 'https://calendar.acme.example/mcp'
const FILES = 'https://files.acme.example/api?v=1'

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  kid: 'first',
}
const withSecret = (secret: string) => ({ method: 'client_secret_basic', secret })
const keys = { method: 'private_key_jwt', jwks: { keys: [KEY] } }
const keysElsewhere = {
  ...{ method: 'private_key_jwt', jwksUri: 'https://keys.example/jwks' },
  spiffeId: 'spiffe://keys.example/job',
}
const engineering = { everyone: false, users: ['usr_ann'], groups: ['engineering'] }

const users = [
  {
    ...{
      id: 'usr_ann',
      username: 'ann',
      email: 'Ann@acme.example',
      emailVerified: true,
      name: 'Ann "A" Ünal',
    },
    ...{ password: 'correct horse battery staple', groups: ['engineering'], active: true },
    ...{ directory: 'hr', externalId: 'e-1', attributes: { floor: 1.5, vip: false, '': '', 'a.b': '1e3' } },
  },
  { id: 'null', username: 'no', password: 'correct horse battery staple' },
]

const groups = [
  { id: 'Ünit %2F ☃', name: 'Night', members: ['usr_ann', 'null'], directory: 'hr', externalId: 'g-1' },
  { id: '-x' },
]

const apps = [
  {
    ...{ id: 'https://agent.example/c?x=1', name: 'Agent', kind: 'agent', purpose: 'books rooms' },
    ...{ redirectUris: ['https://agent.example/cb'], postLogoutRedirectUris: ['https://agent.example/'] },
    ...{ backchannelLogoutUri: 'https://agent.example/out', idTokenSigningAlg: 'ES256', pkce: 'optional' },
    ...{ idTokenTtlSeconds: 300, maxSubjectTokenAgeSeconds: 60, serviceOf: 'calendar' },
    ...{
      owners: ['usr_ann'],
      assignments: engineering,
      active: true,
      auth: withSecret('secret of the agent'),
    },
  },
  { id: 'receiver', name: 'Receiver', kind: 'service', auth: withSecret('secret of the receiver') },
  { id: 'key app', name: 'Keys', kind: 'service', auth: keys, active: false },
  { id: 'keys elsewhere', name: 'Elsewhere', kind: 'web', auth: keysElsewhere },
  { id: '-dash', name: 'Public', kind: 'web', auth: { method: 'none' }, assignments: { everyone: true } },
]

const resourceApps = [
  {
    ...{
      id: 'calendar',
      name: 'Calendar',
      issuer: GATE,
      aliases: ['urn:calendar'],
      tenant: 't',
      audTenant: 'a',
    },
    ...{ subject: 'user.attributes.floor', claims: { email: 'user.email', aud_sub: 'user.id' } },
    subId: {
      ...{ format: 'saml-nameid', issuer: 'urn:idp', nameid: 'user.email', nameQualifier: 'q' },
      ...{ nameidFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress', spNameQualifier: 'sq' },
    },
    requireResource: true,
    resources: [
      { id: CALENDAR, scopes: ['read', 'write'] },
      { id: FILES, scopes: ['read'] },
    ],
    scopeMeanings: { read: { description: 'Reads', risk: 0, tools: ['list'], needsApproval: true } },
    authorizationDetailsTypes: ['plain', { type: 'typed', schema: { type: 'object', $defs: {} } }],
    assignments: engineering,
    securityEvents: { receiver: 'receiver' },
    brokered: {
      api: 'https://api.example/v1',
      credential: {
        ...{
          kind: 'oauth',
          issuer: 'https://o.example',
          authorizationEndpoint: 'https://o.example/authorize',
        },
        ...{ tokenEndpoint: 'https://o.example/token', revocationEndpoint: 'https://o.example/revoke' },
        ...{ onReconnect: 'keep', clientId: 'us', clientAuth: 'client_secret_post', scopes: ['x'] },
      },
      privateNetwork: true,
    },
    active: true,
  },
  {
    ...{ id: 'files', name: 'Files', issuer: GATE, tenant: 't', subject: 'user.attributes.floor' },
    brokered: {
      api: 'https://files.example',
      credential: { kind: 'apiKey', per: 'user', header: 'X-Key', scheme: '' },
    },
  },
  {
    ...{ id: 'there', name: 'There', issuer: 'https://there.example', active: false },
    securityEvents: {
      endpoint: 'https://there.example/events',
      events: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'],
    },
  },
]

const connections = [
  {
    ...{
      id: 'agent-calendar',
      app: 'https://agent.example/c?x=1',
      resourceApp: 'calendar',
      clientId: 'gateway',
    },
    ...{ resources: [CALENDAR, FILES], scopes: ['read', 'write'], authorizationDetailsTypes: ['plain'] },
    ...{ assignments: engineering, subject: 'user', status: 'active', actors: ['receiver'] },
    ...{ notBefore: '2026-01-01T00:00:00+02:00', expiresAt: '2090-01-01T00:00:00.000Z' },
    delegation: { maxDepth: 2, scopes: { read: ['x', 'y'] } },
    conditions: { maxAuthAgeSeconds: 60, acr: ['mfa'], dpop: 'required', window: 'Mon-Fri 07:00-20:00 UTC' },
  },
  { id: 'keys-there', app: 'key app', resourceApp: 'there', subject: 'workload', status: 'suspended' },
]

const policies = [
  {
    ...{ id: 'mfa', description: 'Costs ${MONEY}\nand time', state: 'report-only', effect: 'require' },
    when: { 'app.kind': ['agent', 'service'], 'user.attributes.floor': 1.5, 'app.activeOwner': false },
    require: { acr: ['mfa'], maxAuthAgeSeconds: 60, dpop: true },
  },
  { id: 'narrow', effect: 'limit', limit: { scopes: ['read'], idJagTtlSeconds: 60, perHour: 3 } },
  { id: 'no', effect: 'deny', when: { app: '-dash' }, state: 'off' },
]

const approvalRules = [
  {
    ...{ id: 'low', description: 'Low risk', effect: 'approve' },
    when: {
      ...{ apps: ['-dash'], resourceApps: ['calendar'], kind: 'web', hasOwner: false },
      ...{ minRisk: 0, maxRisk: 1, maxDays: 7 },
    },
  },
  { id: 'ann', effect: 'ask', ask: { users: ['usr_ann'], escalateAfterHours: 5, escalateTo: ['usr_ann'] } },
]

const reviewSchedules = [
  {
    ...{
      id: 'quarterly',
      name: ' Quarterly ',
      description: 'Audit',
      apps: ['-dash'],
      resourceApps: ['there'],
    },
    ...{ kind: 'web', minRisk: 1, unusedForDays: 30, firstAt: '2090-01-01T00:00:00Z' },
    ...{ everyDays: 90, daysToDecide: 30, periodDays: 60, whenDue: 'suspend' },
  },
]

const GIVEN = {
  ...{ time: '2026-11-30T10:00:00Z', auth_age: '1h', acr: 'mfa', dpop: true, ip: '10.0.0.1' },
  grants_last_hour: 1,
}

const policyTests = [
  {
    ...{ id: 'suite', description: 'Public apps', given: GIVEN },
    tests: [
      {
        ...{ name: 'denied', who: ['user:usr_ann', 'group:engineering'], app: '-dash' },
        ...{ at: { audience: GATE, resource: CALENDAR }, ask: ['read'] },
        ...{
          with: { ...GIVEN, auth_age: 5 },
          expect: { outcome: 'deny', code: 'XAA1401', remedy_includes: 'x' },
        },
      },
      {
        ...{ name: 'allowed', who: 'any', app: 'any', at: 'calendar' },
        expect: { outcome: 'allow', scopes: ['read'], lifetime_max: 300, max_age: '1h' },
      },
    ],
  },
]

const authorizationServers = [
  {
    ...{ id: 'gate', issuer: GATE, audTenant: 'a', dpopNonces: true },
    trustedIssuers: [
      {
        ...{ issuer: ISSUER, jwksUri: 'https://idp.acme.example/keys', algorithms: ['ES256'], tenant: 't' },
        ...{ subject: ['iss_sub', 'email'], samlEntityId: 'urn:e', emailDomains: ['acme.example'] },
        ...{ provisioning: 'jit', workloads: { 'w 1': 'svc_w' }, securityEvents: {}, active: true },
        ...{ globalTokenRevocation: true, requireIdJag: true },
      },
      {
        issuer: 'https://other.example',
        jwks: { keys: [KEY] },
        securityEvents: { audience: 'urn:a', maxAgeSeconds: 60 },
      },
    ],
    clients: [
      {
        ...{ id: 'gateway', name: 'Gateway', auth: withSecret('secret of the gateway'), issuers: [ISSUER] },
        ...{ grantTypes: ['urn:ietf:params:oauth:grant-type:jwt-bearer'], dpopBoundAccessTokens: true },
        ...{ redirectUris: ['https://gateway.example/cb'], introspects: [CALENDAR, FILES], active: true },
      },
      { id: 'key client', auth: keys },
      { id: 'keys elsewhere', auth: keysElsewhere },
      { id: 'public', auth: { method: 'none' } },
    ],
    clientMetadata: { allow: ['https://m.example/c', 'h.example'] },
    authorizationCode: {
      displayName: 'Gate',
      signIn: {
        ...{ issuer: 'https://s.example', clientId: 'us', scopes: ['openid'], subject: ['iss_sub', 'email'] },
        ...{ emailDomains: ['acme.example'], provisioning: 'jit', privateNetwork: true },
      },
      dynamicRegistration: { redirects: ['loopback', 'h.example', 'app:'] },
      accessTokenTtlSeconds: 100,
    },
    resources: [
      {
        ...{
          id: CALENDAR,
          name: 'Calendar',
          scopes: ['read', 'write'],
          scopeDescriptions: { read: 'Reads' },
        },
        ...{ claims: { email: 'idJag.email', sub_id: 'idJag.iss_sub' }, dpop: 'required' },
      },
      { id: FILES, scopes: ['read'] },
    ],
    authorizationDetailsTypes: ['plain', { type: 'typed', schema: {} }],
    ...{ maxIdJagLifetimeSeconds: 200, accessTokenTtlSeconds: 100, accessTokenFormat: 'opaque' },
    ...{ signing: { accessToken: 'EdDSA' }, replay: 'until-expiry' },
  },
  { id: 'bare' },
]

/** The sections of the configuration; ids, names and texts are as odd as they may be. */
export const EVERY_MEMBER = {
  idp: {
    ...{ users, groups, apps, resourceApps, connections, policies },
    ...{ approvalRules, reviewSchedules, policyTests },
  },
  authorizationServers,
}
