// The configuration file: which keys it has, their values and defaults. The objects in it (users, apps,
// connections, servers …) are defined in `protocol`. What values mean for each other is in `checks/`.
import { ROLES } from '@crosswalk/admin-api'
import {
  isIssuerIdentifier,
  zApp,
  zAssignments,
  zAuditSection,
  zAuthorizationServer,
  zBoolean,
  zClientId,
  zClientSecret,
  zClientMetadataAllow,
  zConnection,
  zId,
  zIdpSigning,
  zGroup,
  zInteger,
  zIssuer,
  zKeptSuite,
  zPolicy,
  zResourceApp,
  zSamlSection,
  zScopeApproval,
  zSubjectIssuer,
  zUpstream,
  zUser,
  zShownName,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { zDirectory } from './directory-schema.ts'
import { zKeys } from './keys-schema.ts'

/** Where the database is, unless said otherwise. */
export const DEFAULT_DATABASE = 'sqlite:./data/crosswalk.db'
const DATABASE = /^(sqlite:.+|postgres(ql)?:\/\/.+)$/
/** What libpq would understand and our driver does not: several hosts, of which the primary is to be found. */
const SEVERAL_HOSTS = /^postgres(ql)?:\/\/([^/?]*@)?[^/?@]*,[^/?@]*([/?]|$)|[?&]target_session_attrs=/

const zOrigin = z.string().refine(isOrigin, {
  message:
    'an origin: https://HOST[:PORT] (http for loopback hosts only), without path, trailing slash or default port',
})

function isOrigin(text: string): boolean {
  return isIssuerIdentifier(text) && URL.canParse(text) && new URL(text).origin === text.toLowerCase()
}

const zAddress = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to bind, an IP address or host name.'),
  port: zInteger(0, 65_535).default(4000).describe('TCP port; 0 takes any free one.'),
})

const zListen = zAddress.extend({
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe(
      'Addresses and networks (CIDR) of your reverse proxies: only they are believed about where a request came from.',
    ),
  keepAliveSeconds: zInteger(1, 3600)
    .default(75)
    .describe('How long an idle connection stays open; longer than your reverse proxy keeps one.'),
  drainSeconds: zInteger(0, 300)
    .default(5)
    .describe(
      'On SIGTERM `/readyz` says 503 for this long before the server stops; longer than your load balancer takes to notice.',
    ),
})

const zRoleHolders = z.strictObject({
  users: z.array(zId).default([]).describe('Ids of users who have the role.'),
  groups: z.array(z.string().min(1)).default([]).describe('Groups whose members have the role.'),
  apps: z
    .array(zClientId)
    .optional()
    .describe('For a connection manager, app owner or developer: the apps the role is about.'),
})

const zAdminRoles = z.strictObject({
  [ROLES[0]]: zRoleHolders.optional().describe('May do everything.'),
  [ROLES[1]]: zRoleHolders.optional().describe('Apps, connections, policies, users and trust.'),
  [ROLES[2]]: zRoleHolders.optional().describe('Connections; of some apps only, where `apps` is given.'),
  [ROLES[3]]: zRoleHolders.optional().describe('Settings and keys of the own apps, which `apps` names.'),
  [ROLES[4]]: zRoleHolders.optional().describe('Answers requests for access.'),
  [ROLES[5]]: zRoleHolders.optional().describe('Sees everything; blocks, suspends and kills.'),
  [ROLES[6]]: zRoleHolders.optional().describe('Sees everything, changes nothing.'),
  [ROLES[7]]: zRoleHolders.optional().describe('Users and decisions, without the text of policies.'),
  [ROLES[8]]: zRoleHolders.optional().describe('The own apps, which `apps` names, and asking for access.'),
})

/** Used on this server alone, and never shown. */
const zProofCredential = z.strictObject({
  issuer: zIssuer.describe('Issuer of the authorization server that the secret is for.'),
  clientId: zClientId.describe('Client ID at that authorization server.'),
  secret: zClientSecret.describe('The client secret, best from a variable.'),
  keptIn: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Where the secret is kept, as administrators read it; the configuration file unless given.'),
})

const zIdpSection = z.strictObject({
  issuer: zIssuer.optional().describe('Issuer identifier of the IdP; `baseUrl` unless given.'),
  name: zShownName(64)
    .min(1)
    .optional()
    .describe('Name of the company on the sign-in pages; the host of the issuer unless given.'),
  upstream: z
    .array(zUpstream)
    .default([])
    .describe('Identity providers that the company has already: users sign in here through them, too.'),
  passwordSignIn: zBoolean
    .default(true)
    .describe('false: users sign in through `upstream` alone, and the sign-in page takes no passwords.'),
  idTokenTtlSeconds: zInteger(1, 86_400).default(600).describe('Lifetime of ID tokens, in seconds.'),
  idJagTtlSeconds: zInteger(1, 300).default(300).describe('Lifetime of ID-JAGs, in seconds.'),
  signing: zIdpSigning
    .optional()
    .describe('What it signs with; a new algorithm signs after its key was published for an hour.'),
  users: z.array(zUser).default([]).describe('Users who sign in here.'),
  groups: z
    .array(zGroup)
    .default([])
    .describe('Groups with a name or a list of members; a group that users name needs no entry.'),
  apps: z.array(zApp).default([]).describe('Requesting apps: OAuth clients of this IdP.'),
  actorProfile: z
    .enum(['enabled', 'disabled'])
    .default('disabled')
    .describe('Whether actor tokens are taken; a connection names the apps that may act over it.'),
  nameAgents: zBoolean
    .default(false)
    .describe('true: an app of kind `agent` that authenticates is named in the `act` claim of its ID-JAGs.'),
  dpopNonces: zBoolean
    .default(false)
    .describe('true: every DPoP proof of a token exchange must carry a nonce of ours (RFC 9449 section 8).'),
  clientMetadata: z
    .strictObject({
      allow: zClientMetadataAllow.describe(
        'Whose documents are read: URLs of documents, exact, or hosts with the port that the URL shows.',
      ),
      kind: zApp.shape.kind.default('agent').describe('What sort of apps these are, for policies.'),
      assignments: zAssignments.prefault({}).describe('Who may use these apps; no one unless named.'),
    })
    .optional()
    .describe(
      'Apps whose id is the URL of a Client ID Metadata Document; one reaches only what a connection with that id allows.',
    ),
  resourceApps: z
    .array(zResourceApp)
    .default([])
    .describe('What can be reached: resources and the issuer of their authorization server.'),
  connections: z
    .array(zConnection)
    .default([])
    .describe('Which app may reach which resource app, for whom. Without an active one, nothing is issued.'),
  scopeApprovals: z
    .array(zScopeApproval)
    .optional()
    .describe(
      'Approvals of scopes that need it, for connections of this file; without one here, a user approves them by the admin API.',
    ),
  saml: zSamlSection
    .optional()
    .describe('SAML 2.0 assertions as subject tokens; none are taken unless an issuer is listed.'),
  directories: z
    .array(zDirectory)
    .max(20)
    .default([])
    .describe(
      'Directories that provision users and groups: by SCIM 2.0 at `baseUrl`/scim/v2, or read by LDAP.',
    ),
  subjectIssuers: z
    .array(zSubjectIssuer)
    .max(100)
    .default([])
    .describe(
      'Other identity providers whose ID tokens are subject tokens: an app that signed its user in there needs no sign-in here. None are taken unless listed.',
    ),
  policies: z.array(zPolicy).default([]).describe('Rules across connections; their order has no meaning.'),
  policyTests: z
    .array(zKeptSuite)
    .default([])
    .describe('Suites of policy tests that must pass: what would break one is refused when it is saved.'),
})

const zLimits = z.strictObject({
  tokenRequestsPerMinutePerClient: zInteger(0, 1_000_000)
    .default(0)
    .describe('Token requests one client may make in a minute, at all nodes together; 0: no limit.'),
  failedSignInsPerUserBeforeDelay: zInteger(0, 1000)
    .default(10)
    .describe('Failed sign-ins with one name from one network before further ones are delayed; 0: never.'),
  requestsInProgress: zInteger(0, 100_000)
    .default(1000)
    .describe(
      'Requests that one process answers at once, without those of administrators; more get 503 with `Retry-After`. 0: no limit.',
    ),
})

export const zConfigurationFile = z
  .strictObject({
    baseUrl: zOrigin.describe('Public origin; every issuer starts with it unless given in full.'),
    listen: zListen.prefault({}).describe('Where the server listens, independent of every issuer.'),
    database: z
      .string()
      .regex(DATABASE, 'sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE')
      .refine((url) => !SEVERAL_HOSTS.test(url), {
        message: 'one host and no target_session_attrs: have a proxy such as HAProxy find the primary',
      })
      .default(DEFAULT_DATABASE)
      .describe('Database: `sqlite:PATH` (embedded) or `postgres://…`.'),
    keys: zKeys.prefault({}).describe('Where the private keys are that tokens are signed with.'),
    admin: z
      .strictObject({
        token: z.string().min(32).describe('Bearer token of the admin API, at least 32 characters.'),
        roles: zAdminRoles
          .optional()
          .describe(
            'Who may sign in to the console at this IdP, and as what; of several roles the one listed first here counts. Without it, the token signs in.',
          ),
        proofCredentials: z
          .array(zProofCredential)
          .max(100)
          .default([])
          .describe(
            'Client secrets that proofs of connections may use without anyone entering them; for test environments.',
          ),
      })
      .optional()
      .describe('The admin API and the console.'),
    metrics: z
      .strictObject({
        listen: zAddress
          .optional()
          .describe(
            'Serves `/metrics`, `/livez`, `/readyz` and `/startupz` here, for an address that only your operators reach.',
          ),
        public: zBoolean
          .default(false)
          .describe('true: serves `/metrics` on the main listener too, to anyone who asks.'),
      })
      .optional()
      .describe('Where Prometheus metrics are served; nowhere unless given.'),
    accessLog: z
      .strictObject({
        to: z
          .string()
          .min(1)
          .default('stdout')
          .describe('`stdout`, `stderr` or the path of a file, which is made and appended to.'),
      })
      .optional()
      .describe(
        'One line of JSON for each request, without tokens, secrets and names of users; none unless given.',
      ),
    idp: zIdpSection.optional().describe('The identity provider; omit to run none.'),
    authorizationServers: z
      .array(zAuthorizationServer)
      .default([])
      .describe('Resource Authorization Servers to run here.'),
    audit: zAuditSection
      .prefault({})
      .describe('The audit log: where it is sent, how it is sealed, how long it is kept.'),
    limits: zLimits.prefault({}).describe('Limits on requests; 0 switches one off.'),
    clockSkewSeconds: zInteger(0, 60)
      .default(30)
      .describe('How far clocks of other parties may be off, in seconds.'),
  })
  .describe('Configuration of a Crosswalk server.')

/** The file as parsed: defaults filled in, numbers and booleans as such. */
export type ConfigurationFile = z.output<typeof zConfigurationFile>
