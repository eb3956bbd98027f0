// Findings of the conformance tool that are not defects of ours, with the reason, and its scenarios that are not run. `find-unexplained.ts`
// reports entries that no longer occur, so that none outlives its reason.
import type { ToolCommand } from './run-tool.ts'

export interface NotRun {
  readonly command: ToolCommand
  readonly reason: string
  readonly scenarios: readonly string[]
}

/** All other scenarios of the tool run. */
export const NOT_RUN: readonly NotRun[] = [
  {
    command: 'client',
    reason:
      'Its server wants no token, and looks at the MCP client of the official SDK. Ours is that client, with a token on each request: where no one asks for one there is nothing of ours to look at.',
    scenarios: [
      'initialize',
      'tools_call',
      'elicitation-sep1034-client-defaults',
      'sse-retry',
      'request-metadata',
      'sep-2322-client-request-state',
      'http-standard-headers',
      'http-custom-headers',
      'http-invalid-tool-headers',
      'json-schema-ref-no-deref',
      'json-schema-2020-12-preservation',
    ],
  },
  {
    command: 'client',
    reason: 'Our SDKs do not have the extension for skills (SEP-2640).',
    scenarios: [
      'sep-2640-client-no-prefetch',
      'sep-2640-client-verify-digest',
      'sep-2640-client-verify-size',
      'sep-2640-client-verify-frontmatter',
    ],
  },
  {
    command: 'server',
    reason: 'Todo0 has no skills (SEP-2640).',
    scenarios: ['sep-2640-skills-directory', 'sep-2640-skills-enumeration', 'sep-2640-skills-manifest'],
  },
  {
    command: 'server',
    reason: 'Todo0 does not have the extension for tasks: each of its tools is done when it answers.',
    scenarios: [
      'tasks-lifecycle',
      'tasks-capability-negotiation',
      'tasks-wire-fields',
      'tasks-request-state-removal',
      'tasks-mrtr-input',
      'tasks-request-headers',
      'tasks-dispatch-and-envelope',
      'tasks-status-notifications',
      'tasks-required-task-error',
      'tasks-mrtr-composition',
    ],
  },
]

export interface Explained {
  readonly command: ToolCommand
  readonly reason: string
  /** `scenario: check` */
  readonly findings: readonly string[]
}

export const EXPLAINED: readonly Explained[] = [
  {
    command: 'client',
    reason:
      'The tool judges DPoP proofs of a token request only when its grant is authorization_code. Our client redeems an ID-JAG (jwt-bearer) at that server, with the same proof and nonce rules; that the tool bound its token to the proof, and took the nonce on the second try, is asserted from its log.',
    findings: [
      'auth/dpop: sep-1932-client-token-request-proof',
      'auth/dpop-nonce: sep-1932-client-token-request-proof',
      'auth/dpop-nonce: sep-1932-client-as-nonce',
    ],
  },
  {
    command: 'client',
    reason:
      'The scenario watches the authorization response (RFC 9207) of a client that sends users to the consent screen of the resource. Our client never does: access comes from the organisation. It refuses this server (XAA5004), whose only grants are authorization_code and refresh_token, and sends nothing to it; that is asserted.',
    findings: [
      'auth/iss-supported: sep-2468-client-compare-iss-supported',
      'auth/iss-not-advertised: sep-2468-client-proceed-no-iss',
      'auth/iss-supported-missing: sep-2468-client-reject-missing-iss',
      'auth/iss-wrong-issuer: sep-2468-client-compare-iss-supported',
      'auth/iss-unexpected: sep-2468-client-compare-iss-unadvertised',
      'auth/iss-normalized: sep-2468-client-no-normalization',
    ],
  },
  {
    command: 'client',
    reason:
      'The scenario reads scopes off the authorization request to the consent screen of the resource, which our client never sends. It asks the identity provider instead; which scopes it asked for, how they grow after a challenge and that it ends after one, is asserted.',
    findings: [
      'auth/scope-from-www-authenticate: scope-from-www-authenticate',
      'auth/scope-from-scopes-supported: scope-from-scopes-supported',
      'auth/scope-omitted-when-undefined: scope-omitted-when-undefined',
      'auth/scope-step-up: scope-step-up-initial',
      'auth/scope-step-up: scope-step-up-escalation',
      'auth/scope-step-up: sep-2350-scope-union-on-reauth',
      'auth/scope-retry-limit: scope-retry-limit',
    ],
  },
  {
    command: 'client',
    reason:
      'The scenario waits for a registration, a trip to the consent screen of the resource, or a redeemed code. Our client does none of these: it finds the metadata, as the scenario wants it found, sees that the server takes no ID-JAG (XAA5004), and sends nothing to it; that is asserted.',
    findings: [
      'auth/metadata-default: client-registration',
      'auth/metadata-default: authorization-request',
      'auth/metadata-default: token-request',
      'auth/metadata-default: resource-parameter-in-authorization',
      'auth/metadata-default: resource-parameter-in-token',
      'auth/metadata-var1: client-registration',
      'auth/metadata-var1: authorization-request',
      'auth/metadata-var1: token-request',
      'auth/metadata-var1: resource-parameter-in-authorization',
      'auth/metadata-var1: resource-parameter-in-token',
      'auth/metadata-var2: client-registration',
      'auth/metadata-var2: authorization-request',
      'auth/metadata-var2: token-request',
      'auth/metadata-var2: resource-parameter-in-authorization',
      'auth/metadata-var2: resource-parameter-in-token',
      'auth/metadata-var3: client-registration',
      'auth/metadata-var3: authorization-request',
      'auth/metadata-var3: token-request',
      'auth/metadata-var3: resource-parameter-in-authorization',
      'auth/metadata-var3: resource-parameter-in-token',
      'auth/token-endpoint-auth-basic: token-endpoint-auth-method',
      'auth/token-endpoint-auth-basic: resource-parameter-in-authorization',
      'auth/token-endpoint-auth-basic: resource-parameter-in-token',
      'auth/token-endpoint-auth-post: token-endpoint-auth-method',
      'auth/token-endpoint-auth-post: resource-parameter-in-authorization',
      'auth/token-endpoint-auth-post: resource-parameter-in-token',
      'auth/token-endpoint-auth-none: token-endpoint-auth-method',
      'auth/token-endpoint-auth-none: resource-parameter-in-authorization',
      'auth/token-endpoint-auth-none: resource-parameter-in-token',
      'auth/basic-cimd: cimd-client-id-used',
      'auth/pre-registration: pre-registration-auth',
      'auth/offline-access-scope: sep-2207-offline-access-requested',
      'auth/offline-access-not-supported: sep-2207-offline-access-not-requested',
      'auth/authorization-server-migration: sep-2352-reregister-on-as-change',
    ],
  },
  {
    command: 'client',
    reason:
      'The scenario is of the version of 2025-03-26, in which a resource did not say whose tokens it takes. Our client guesses no authorization server (XAA4001), and sends nothing; that is asserted. The option authorizationServer names one.',
    findings: [
      'auth/2025-03-26-oauth-metadata-backcompat: authorization-server-metadata',
      'auth/2025-03-26-oauth-metadata-backcompat: client-registration',
      'auth/2025-03-26-oauth-metadata-backcompat: authorization-request',
      'auth/2025-03-26-oauth-metadata-backcompat: token-request',
      'auth/2025-03-26-oauth-endpoint-fallback: client-registration',
      'auth/2025-03-26-oauth-endpoint-fallback: authorization-request',
      'auth/2025-03-26-oauth-endpoint-fallback: token-request',
    ],
  },
  {
    command: 'client',
    reason:
      'The scenario wants a client that gets tokens for itself, by client_credentials. Our client acts for a user, and refuses a server that offers nothing else (XAA5004).',
    findings: [
      'auth/client-credentials-jwt: client-credentials-jwt-verified',
      'auth/client-credentials-basic: client-credentials-basic-auth',
    ],
  },
  {
    command: 'client',
    reason:
      'The server trusts one issuer of the tool, and takes the assertion of a workload. Ours sends the ID-JAG of its own identity provider, which is refused, as it should be; that it is tried once, and no other grant after it, is asserted.',
    findings: ['auth/wif-jwt-bearer: wif-assertion-malformed'],
  },
  {
    command: 'server',
    reason: 'Todo0 offers no prompts.',
    findings: [
      'caching: sep-2549-prompts-list-caching-hints',
      'input-required-result-non-tool-request: sep-2322-non-tool-incomplete',
      'prompts-get-embedded-resource: prompts-get-embedded-resource',
      'prompts-get-simple: prompts-get-simple',
      'prompts-get-with-args: prompts-get-with-args',
      'prompts-get-with-image: prompts-get-with-image',
      'prompts-list: prompts-list',
    ],
  },
  {
    command: 'server',
    reason: 'Todo0 offers no MCP resources.',
    findings: [
      'caching: sep-2549-resources-list-caching-hints',
      'caching: sep-2549-resources-read-caching-hints',
      'caching: sep-2549-resources-templates-list-caching-hints',
      'resources-list: resources-list',
      'resources-read-binary: resources-read-binary',
      'resources-read-text: resources-read-text',
      'resources-subscribe: resources-subscribe',
      'resources-templates-read: resources-templates-read',
      'resources-unsubscribe: resources-unsubscribe',
      'sep-2164-resource-not-found: sep-2164-data-uri',
      'sep-2164-resource-not-found: sep-2164-error-code',
    ],
  },
  {
    command: 'server',
    reason: 'Todo0 completes no arguments: it has no prompts and no resource templates.',
    findings: ['completion-complete: completion-complete'],
  },
  {
    command: 'server',
    reason:
      'The scenario calls a tool or looks at a schema of the reference server of the suite, which Todo0 does not have: its tools are list_todos, add_todo and finish_todo.',
    findings: [
      'elicitation-sep1034-defaults: elicitation-sep1034-general',
      'elicitation-sep1330-enums: elicitation-sep1330-general',
      'http-custom-header-server-validation: sep-2243-server-decode-base64',
      'http-custom-header-server-validation: sep-2243-server-no-xmcp-tool',
      'http-custom-header-server-validation: sep-2243-server-reject-invalid-param-chars',
      'http-custom-header-server-validation: sep-2243-server-reject-param-mismatch',
      'http-custom-header-server-validation: sep-2243-server-validate-param-match',
      'input-required-result-basic-elicitation: sep-2322-elicitation-incomplete',
      'input-required-result-basic-list-roots: sep-2322-list-roots-incomplete',
      'input-required-result-basic-sampling: sep-2322-sampling-incomplete',
      'input-required-result-capability-check: sep-2322-respect-client-capabilities',
      'input-required-result-ignore-extra-params: sep-2322-ignore-unexpected-params',
      'input-required-result-missing-input-response: sep-2322-missing-response-rerequests',
      'input-required-result-multi-round: sep-2322-multi-round-r1',
      'input-required-result-multiple-input-requests: sep-2322-multiple-inputs-incomplete',
      'input-required-result-request-state: sep-2322-request-state-incomplete',
      'input-required-result-result-type: sep-2322-result-type-included',
      'input-required-result-tampered-state: sep-2322-reject-tampered-state',
      'json-schema-2020-12: json-schema-2020-12-tool-found',
      'server-stateless: sep-2575-http-server-no-independent-requests-on-stream',
      'server-stateless: sep-2575-missing-capability-http-400',
      'server-stateless: sep-2575-server-no-log-without-loglevel',
      'server-stateless: sep-2575-server-rejects-undeclared-capability',
      'tools-call-audio: tools-call-audio',
      'tools-call-elicitation: tools-call-elicitation',
      'tools-call-embedded-resource: tools-call-embedded-resource',
      'tools-call-error: tools-call-error',
      'tools-call-image: tools-call-image',
      'tools-call-mixed-content: tools-call-mixed-content',
      'tools-call-sampling: tools-call-sampling',
      'tools-call-simple-text: tools-call-simple-text',
      'tools-call-with-logging: tools-call-with-logging',
      'tools-call-with-progress: tools-call-with-progress',
    ],
  },
  {
    command: 'server',
    reason: 'Todo0 sends no log messages to its clients.',
    findings: ['logging-set-level: logging-set-level'],
  },
  {
    command: 'server',
    reason: 'Todo0 keeps no MCP sessions: every request is authorised by itself (RS-15).',
    findings: [
      'server-sse-multiple-streams: server-sse-multiple-streams-session',
      'server-sse-polling: server-sse-polling-session',
    ],
  },
  {
    command: 'server',
    reason: 'The tools of Todo0 never change, and it has no prompts: there is nothing to notify anyone of.',
    findings: [
      'server-stateless: sep-2575-server-sends-prompts-list-changed-on-subscription',
      'server-stateless: sep-2575-server-sends-tools-list-changed-on-subscription',
    ],
  },
]
