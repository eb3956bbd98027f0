// The keys of the configuration file, their values and defaults. `protocol` defines the objects in it (users, apps,
// connections, servers …). `checks/` validates how values relate.
import { ROLES } from '@crosswalk/admin-api'
import {
  isIssuerIdentifier,
  zApp,
  zApprovalRule,
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
  zReviewSchedule,
  zSamlSection,
  zScopeApproval,
  zUser,
  zDisplayName,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { zDirectory } from './directory-schema.ts'
import { zFileSubjectIssuer, zFileUpstream } from './provider-schema.ts'
import { zKeys } from './keys-schema.ts'

const DEFAULT_DATABASE = 'sqlite:./data/crosswalk.db'
const DATABASE = /^(sqlite:.+|postgres(ql)?:\/\/.+)$/
/** Multi-host URLs, which libpq supports and our driver does not. */
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
  port: zInteger(0, 65_535).default(4000).describe('TCP port; 0 selects a free one.'),
})

const zListen = zAddress.extend({
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe(
      'Addresses and networks (CIDR) of your reverse proxies; only they may state where a request came from.',
    ),
  keepAliveSeconds: zInteger(1, 3600)
    .default(75)
    .describe('How long an idle connection stays open; longer than your reverse proxy keeps one.'),
  drainSeconds: zInteger(0, 300)
    .default(5)
    .describe(
      'On SIGTERM `/readyz` responds with 503 for this long before the server stops; longer than your load balancer takes to notice.',
    ),
})

const zRoleHolders = z.strictObject({
  users: z.array(zId).default([]).describe('Ids of users of this file who have the role.'),
  groups: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Groups whose members have the role, also users of the console, a directory or another provider.',
    ),
  apps: z
    .array(zClientId)
    .optional()
    .describe(
      'For a connection manager, app owner or developer: the apps of this file that the role covers.',
    ),
})

const zAdminRoles = z.strictObject({
  [ROLES[0]]: zRoleHolders.optional().describe('May do everything.'),
  [ROLES[1]]: zRoleHolders.optional().describe('Apps, connections, policies, users and trust.'),
  [ROLES[2]]: zRoleHolders.optional().describe('Connections; only of the apps in `apps`, if given.'),
  [ROLES[3]]: zRoleHolders.optional().describe('Settings and keys of the apps in `apps`.'),
  [ROLES[4]]: zRoleHolders.optional().describe('Decides access requests.'),
  [ROLES[5]]: zRoleHolders.optional().describe('Sees everything; blocks, suspends and kills.'),
  [ROLES[6]]: zRoleHolders.optional().describe('Sees everything, changes nothing.'),
  [ROLES[7]]: zRoleHolders.optional().describe('Users and decisions, without the text of policies.'),
  [ROLES[8]]: zRoleHolders.optional().describe('The apps in `apps`, and access requests for them.'),
})

/** Used only on this server, and never shown. */
const zProofCredential = z.strictObject({
  issuer: zIssuer.describe('Issuer of the authorization server that the secret is for.'),
  clientId: zClientId.describe('Client ID at that authorization server.'),
  secret: zClientSecret.describe('The client secret, preferably from a variable.'),
  keptIn: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Where the secret is kept, as shown to administrators; the configuration file by default.'),
})

const zIdpSection = z.strictObject({
  issuer: zIssuer.optional().describe('Issuer identifier of the IdP; default: `baseUrl`.'),
  name: zDisplayName(64)
    .min(1)
    .optional()
    .describe('Name of the company on the sign-in pages; default: the host of the issuer.'),
  upstream: z
    .array(zFileUpstream)
    .default([])
    .describe('Existing identity providers of the company, through which users can also sign in here.'),
  passwordSignIn: zBoolean
    .default(true)
    .describe('false: users sign in only through `upstream`, and the sign-in page accepts no passwords.'),
  idTokenTtlSeconds: zInteger(1, 86_400).default(600).describe('Lifetime of ID tokens, in seconds.'),
  idJagTtlSeconds: zInteger(1, 300).default(300).describe('Lifetime of ID-JAGs, in seconds.'),
  signing: zIdpSigning
    .optional()
    .describe('Signing algorithms; a new one is used once its key has been published for an hour.'),
  users: z.array(zUser).default([]).describe('Users who sign in here.'),
  groups: z
    .array(zGroup)
    .default([])
    .describe('Groups with a name or a list of members; groups that users list need no entry.'),
  apps: z.array(zApp).default([]).describe('Requesting apps: OAuth clients of this IdP.'),
  actorProfile: z
    .enum(['enabled', 'disabled'])
    .default('disabled')
    .describe('Whether actor tokens are accepted; a connection lists the apps that may act over it.'),
  nameAgents: zBoolean
    .default(false)
    .describe('true: an app of kind `agent` that authenticates is named in the `act` claim of its ID-JAGs.'),
  dpopNonces: zBoolean
    .default(false)
    .describe('true: every DPoP proof of a token exchange must carry a nonce of ours (RFC 9449 section 8).'),
  clientMetadata: z
    .strictObject({
      allow: zClientMetadataAllow.describe(
        'Which documents are accepted: exact document URLs, or hosts, with the port as in the URL.',
      ),
      kind: zApp.shape.kind.default('agent').describe('What sort of apps these are, for policies.'),
      assignments: zAssignments.prefault({}).describe('Who may use these apps; no users by default.'),
    })
    .optional()
    .describe(
      'Apps whose id is the URL of a Client ID Metadata Document; each reaches only what a connection with that id allows.',
    ),
  resourceApps: z
    .array(zResourceApp)
    .default([])
    .describe('Apps that can be reached: their resources, and the issuer of their authorization server.'),
  connections: z
    .array(zConnection)
    .default([])
    .describe(
      'Which app may reach which resource app, for which users. Tokens are only issued over active connections.',
    ),
  scopeApprovals: z
    .array(zScopeApproval)
    .optional()
    .describe(
      'Approvals for scopes that need them, on connections in this file; others are approved in the console or admin API.',
    ),
  saml: zSamlSection
    .optional()
    .describe('SAML 2.0 assertions as subject tokens; accepted only from listed issuers.'),
  directories: z
    .array(zDirectory)
    .max(20)
    .default([])
    .describe(
      'Directories that provision users and groups: by SCIM 2.0 at `baseUrl`/scim/v2, or read by LDAP.',
    ),
  subjectIssuers: z
    .array(zFileSubjectIssuer)
    .max(100)
    .default([])
    .describe(
      'Other identity providers whose ID tokens are accepted as subject tokens, so that an app that signed its user in there needs no sign-in here.',
    ),
  policies: z.array(zPolicy).default([]).describe('Rules across connections; their order does not matter.'),
  approvalRules: z
    .array(zApprovalRule)
    .default([])
    .describe(
      'Which access requests are approved automatically, and who is asked to decide others; their order does not matter.',
    ),
  reviewSchedules: z
    .array(zReviewSchedule)
    .default([])
    .describe('Access reviews that open regularly; their order does not matter.'),
  policyTests: z
    .array(zKeptSuite)
    .default([])
    .describe(
      'Suites of policy tests that must pass: a change that would break one is rejected when it is saved.',
    ),
})

const zLimits = z.strictObject({
  tokenRequestsPerMinutePerClient: zInteger(0, 1_000_000)
    .default(0)
    .describe('Token requests per client and minute, across all nodes; 0: no limit.'),
  failedSignInsPerUserBeforeDelay: zInteger(0, 1000)
    .default(10)
    .describe('Failed sign-ins with one user name from one network before more are delayed; 0: never.'),
  requestsInProgress: zInteger(0, 100_000)
    .default(1000)
    .describe(
      'Concurrent requests of programs per process, not counting administrators; more get 503 with `Retry-After`. 0: no limit.',
    ),
  pagesInProgress: zInteger(0, 100_000)
    .default(200)
    .describe(
      'Concurrent requests of browsers per process, such as sign-ins; more get 503 with `Retry-After`. 0: no limit.',
    ),
  connections: zInteger(0, 1_000_000)
    .default(10_000)
    .describe(
      'Open connections to `listen` per process; more are closed at once. `metrics.listen` is not limited. 0: no limit.',
    ),
})

export const zConfigurationFile = z
  .strictObject({
    baseUrl: zOrigin.describe('Public origin; every issuer starts with it unless it is a full URL.'),
    listen: zListen.prefault({}).describe('Where the server listens, independent of every issuer.'),
    database: z
      .string()
      .regex(DATABASE, 'sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE')
      .refine((url) => !SEVERAL_HOSTS.test(url), {
        message: 'one host and no target_session_attrs: have a proxy such as HAProxy find the primary',
      })
      .default(DEFAULT_DATABASE)
      .describe('Database: `sqlite:PATH` (embedded) or `postgres://…`.'),
    keys: zKeys.prefault({}).describe('Where the private signing keys are kept.'),
    admin: z
      .strictObject({
        token: z.string().min(32).describe('Bearer token of the admin API, at least 32 characters.'),
        roles: zAdminRoles
          .optional()
          .describe(
            'Who may sign in to the console at this IdP, by role; if a user has several, the first one listed here counts. Without it, sign in with the token.',
          ),
        secondFactor: zBoolean
          .default(false)
          .describe(
            'true: signing in to the console requires a second factor; administrators without one add it then.',
          ),
        proofCredentials: z
          .array(zProofCredential)
          .max(100)
          .default([])
          .describe(
            'Client secrets that connection proofs may use, so that they need not be entered; for test environments.',
          ),
      })
      .optional()
      .describe('The admin API and the console.'),
    metrics: z
      .strictObject({
        listen: zAddress
          .optional()
          .describe(
            'Serves `/metrics`, `/livez`, `/readyz` and `/startupz` here, for an address that only your operators can reach.',
          ),
        public: zBoolean
          .default(false)
          .describe('true: serves `/metrics` on the main listener too, to everyone.'),
      })
      .optional()
      .describe('Where Prometheus metrics are served; off by default.'),
    accessLog: z
      .strictObject({
        to: z
          .string()
          .min(1)
          .default('stdout')
          .describe('`stdout`, `stderr` or the path of a file, which is created and appended to.'),
      })
      .optional()
      .describe('One line of JSON per request, without tokens, secrets or user names; off by default.'),
    idp: zIdpSection.optional().describe('The identity provider; omit to run none.'),
    authorizationServers: z
      .array(zAuthorizationServer)
      .default([])
      .describe('Resource Authorization Servers to run here.'),
    audit: zAuditSection.prefault({}).describe('The audit log: streams, checkpoints and retention.'),
    limits: zLimits.prefault({}).describe('Limits on requests; 0 disables one.'),
    clockSkewSeconds: zInteger(0, 60)
      .default(30)
      .describe('How far the clocks of other parties may be off, in seconds.'),
  })
  .describe('Configuration of a Crosswalk server.')

/** The parsed file: defaults filled in, numbers and booleans converted. */
export type ConfigurationFile = z.output<typeof zConfigurationFile>
