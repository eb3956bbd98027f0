// What the servers of the code tests are told: beside the company of the other tests, one resource app for each way in
// which an exchange ends, and one foreign issuer for each way in which a redemption does.
import {
  AGENT,
  AGENT_AT_VENDOR,
  company,
  NOTES,
  PASSWORD,
  REDIRECT_URI,
  TODO,
} from '../../support/company.ts'
import type { TestKey } from '../../protocol/support/foreign-issuer.ts'
import { chainedCompany, FILES } from '../../support/chain.ts'
import { defineCodeFlow } from '../../support/code-flow.ts'
import { SAML_ISSUER, type SamlKey, SP } from '../../support/saml.ts'

export const ISSUERS = {
  /** Finds users by e-mail, and makes no account */
  byEmail: 'https://by-email.example',
  strict: 'https://strict.example',
  /** Makes an account for everybody */
  open: 'https://open.example',
  tenant: 'https://tenant.example',
  /** Names users as its SAML identity provider does, too */
  named: 'https://named.example',
  /** No one listens where its keys would be */
  unreachable: 'http://127.0.0.1:1',
  /** Wants its users to come by ID-JAG only */
  required: 'https://required.example',
} as const

/** Other identity providers whose ID tokens are subject tokens */
export const UPSTREAM = {
  good: 'https://upstream.example',
  /** No one listens where its keys would be */
  unreachable: 'http://127.0.0.1:1/upstream',
} as const

/** Entity id of the SAML identity provider that one of them is */
export const ENTITY = 'https://named.example/saml'

export const PUBLIC = 'public-app'
export const KEYED = 'keyed'
/** No one answers where its keys are */
export const LOST = { id: 'lost', auth: { method: 'private_key_jwt', jwksUri: 'http://127.0.0.1:1/jwks' } }
export const PLANNER = 'planner'
export const NO_SIGN_IN = { id: 'no-sign-in', secret: 'secret of the app without sign-in' }
export const OFF = { id: 'off-app', secret: 'secret of the app that is off' }
/** Exchanges no token that is older than a minute */
export const BRISK = { id: 'brisk', secret: 'secret of the app in a hurry' }
export const OTHER = { id: 'other', secret: 'other secret' }
export const GATEWAY = { id: 'gateway', secret: 'secret of the gateway' }
export const NARROW_AT_VENDOR = { id: 'narrow-at-vendor', secret: 'secret of the narrow client' }

const basicAuth = ({ secret }: { readonly secret: string }) => ({ method: 'client_secret_basic', secret })
const everyone = { everyone: true }

export const audienceOf = (name: string) => `https://${name}.example`
export const resourceOf = (name: string) => `https://${name}.example/api`

/** A day of the week that is neither today nor tomorrow. */
function shutWindow(): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  return `${days[(new Date().getUTCDay() + 3) % 7]} 10:00-11:00 UTC`
}

interface Target {
  readonly resourceApp?: Readonly<Record<string, unknown>>
  /** Null for no connection at all */
  readonly connection?: Readonly<Record<string, unknown>> | null
}

/** By name: what is particular about the resource app, or about the connection to it. */
const TARGETS: Readonly<Record<string, Target>> = {
  'plain-one': {},
  'off-one': { resourceApp: { active: false } },
  unconnected: { connection: null },
  draft: { connection: { status: 'draft' } },
  unnamed: { connection: { status: 'draft', clientId: undefined } },
  suspended: { connection: { status: 'suspended' } },
  ended: { connection: { expiresAt: '2020-01-01T00:00:00Z' } },
  shut: { connection: { conditions: { window: shutWindow() } } },
  revoked: {},
  closed: { connection: { assignments: { groups: ['sales'] } } },
  partial: {
    resourceApp: {
      resources: [
        { id: resourceOf('partial'), scopes: ['read'] },
        { id: `${resourceOf('partial')}/more`, scopes: ['read'] },
      ],
    },
  },
  nameless: { resourceApp: { subject: 'user.attributes.nothing' } },
  namesake: { resourceApp: { subject: 'user.attributes.staff' } },
  denied: {},
  undecidable: {},
  unreachable: { connection: { conditions: { acr: ['hardware'] } } },
  guarded: { resourceApp: { scopeMeanings: { read: { needsApproval: true } } } },
  altered: { resourceApp: { scopeMeanings: { read: { needsApproval: true, tools: ['list', 'delete'] } } } },
  strong: { connection: { conditions: { acr: ['mfa'] } } },
  bound: { connection: { conditions: { dpop: 'required' } } },
}

function targets() {
  const names = Object.keys(TARGETS)
  return {
    resourceApps: names.map((name) => ({
      id: name,
      name,
      issuer: audienceOf(name),
      resources: [{ id: resourceOf(name), scopes: ['read', 'write'] }],
      assignments: everyone,
      ...TARGETS[name]?.resourceApp,
    })),
    connections: names.flatMap((name) => {
      const { connection } = TARGETS[name] ?? {}
      if (connection === null) return []
      const usual = {
        id: `agent0-${name}`,
        app: AGENT.id,
        resourceApp: name,
        clientId: 'agent0-there',
        resources: [resourceOf(name)],
        scopes: ['read'],
        assignments: everyone,
        status: 'active',
      }
      return [{ ...usual, ...connection }]
    }),
  }
}

export interface Keys {
  readonly foreign: TestKey
  readonly keyed: TestKey
  readonly saml: SamlKey
}

/** Of a company that wants its users to come by ID-JAG only */
const RITA = {
  ...{ id: 'usr_rita', username: 'rita', name: 'Rita', password: PASSWORD },
  ...{ email: 'rita@required.test', emailVerified: true },
  attributes: { staff: 's-1' },
}

/** Gives Alice the attribute of Rita. */
function likeRita(user: unknown): unknown {
  const { id } = user as { readonly id: string }
  return id === 'usr_alice' ? { ...(user as object), attributes: RITA.attributes } : user
}

/** Of an app without users */
const WORKLOAD_CONNECTION = {
  ...{ id: 'keyed-todo0', app: KEYED, resourceApp: 'todo0', clientId: 'keyed-there', status: 'active' },
  ...{ resources: [TODO], scopes: ['todos.read'], subject: 'workload' },
}

type Section = Readonly<Record<string, readonly unknown[]>>

export function defineCodes({ foreign, keyed, saml }: Keys) {
  return (baseUrl: string): Record<string, unknown> => {
    const file = chainedCompany(baseUrl)
    const idp = file.idp as Section
    const [vendor] = file.authorizationServers as Section[]
    const { resourceApps, connections } = targets()
    const keysOf = (key: TestKey) => ({ keys: [key.publicJwk] })
    const app = (id: string, auth: object, more: object = {}) => ({
      ...{ id, name: id, kind: 'service', redirectUris: [REDIRECT_URI], auth, assignments: everyone },
      ...more,
    })
    const trust = (issuer: string, more: object) => ({
      issuer,
      jwks: keysOf(foreign),
      algorithms: ['ES256'],
      ...more,
    })
    return {
      ...file,
      idp: {
        ...idp,
        users: [...(idp.users ?? []).map(likeRita), RITA],
        apps: [
          ...(idp.apps ?? []),
          app(PUBLIC, { method: 'none' }),
          app(LOST.id, LOST.auth),
          app(KEYED, { method: 'private_key_jwt', jwks: keysOf(keyed) }),
          app(PLANNER, { method: 'private_key_jwt', jwks: keysOf(keyed) }),
          app(OFF.id, basicAuth(OFF), { active: false }),
          app(NO_SIGN_IN.id, basicAuth(NO_SIGN_IN), { redirectUris: [] }),
          defineCodeFlow(baseUrl).app,
          app(BRISK.id, basicAuth(BRISK), { maxSubjectTokenAgeSeconds: 60 }),
        ],
        resourceApps: [
          ...(idp.resourceApps ?? []).map((one) => broker(one as { readonly id: string })),
          ...resourceApps,
        ],
        connections: [...(idp.connections ?? []), ...connections, WORKLOAD_CONNECTION],
        policies: [
          { id: 'no-denied', when: { resourceApp: 'denied' }, effect: 'deny' },
          {
            id: 'no-juniors',
            when: { resourceApp: 'undecidable', 'user.attributes.level': ['junior'] },
            effect: 'deny',
          },
        ],
        scopeApprovals: [
          {
            ...{ connection: 'agent0-altered', scope: 'read', meaning: { tools: ['list'] } },
            ...{ by: 'ada', at: '2026-01-01T00:00:00Z' },
          },
        ],
        subjectIssuers: [
          {
            issuer: UPSTREAM.good,
            jwks: keysOf(foreign),
            audiences: { 'agent0-upstream': AGENT.id },
            requireClaims: { tid: 'acme' },
            link: ['username'],
            maxAgeSeconds: 600,
          },
          { issuer: UPSTREAM.unreachable, audiences: { 'agent0-upstream': AGENT.id }, link: ['username'] },
        ],
        saml: {
          issuers: [
            {
              entityId: SAML_ISSUER,
              certificates: [saml.certificate],
              audiences: { [SP]: AGENT.id, 'https://other.test/saml': OTHER.id },
              nameId: 'username',
            },
          ],
        },
      },
      authorizationServers: [
        {
          id: 'vendor',
          trustedIssuers: [
            { issuer: baseUrl, subject: ['iss_sub'], provisioning: 'jit' },
            trust(ISSUERS.byEmail, { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }),
            trust(ISSUERS.strict, { subject: ['iss_sub'] }),
            trust(ISSUERS.open, { subject: ['iss_sub'], provisioning: 'jit' }),
            trust(ISSUERS.named, {
              subject: ['iss_sub', 'sub_id'],
              samlEntityId: ENTITY,
              provisioning: 'jit',
            }),
            trust(ISSUERS.tenant, { tenant: 'acme', provisioning: 'jit' }),
            { issuer: ISSUERS.unreachable, algorithms: ['ES256'] },
            { issuer: ISSUERS.required, emailDomains: ['required.test'], requireIdJag: true },
          ],
          clients: [
            ...(vendor?.clients ?? []).filter((client) => /api-at-vendor/.test(JSON.stringify(client))),
            { id: AGENT_AT_VENDOR.id, auth: basicAuth(AGENT_AT_VENDOR) },
            LOST,
            defineCodeFlow(baseUrl).client,
            { id: NARROW_AT_VENDOR.id, auth: basicAuth(NARROW_AT_VENDOR), issuers: [ISSUERS.strict] },
            { id: GATEWAY.id, auth: basicAuth(GATEWAY), introspects: [TODO] },
            {
              id: 'todo0-api',
              auth: basicAuth({ secret: 'todo0 api secret' }),
              grantTypes: [],
              introspects: [TODO],
            },
          ],
          authorizationCode: defineCodeFlow(baseUrl).authorizationCode,
          resources: [
            { id: TODO, scopes: ['todos.read', 'todos.write'], claims: { note: 'idJag.note' } },
            { id: NOTES, scopes: ['notes.read', 'notes.write'] },
            { id: FILES, scopes: ['files.read'] },
          ],
        },
      ],
    }
  }
}

/** One of the two knows no ID-JAG, and no key is stored for it. */
function broker(resourceApp: { readonly id: string }) {
  const brokered = { api: 'https://todo.example/api', credential: { kind: 'apiKey' } }
  return resourceApp.id === 'todo0' ? { ...resourceApp, brokered } : resourceApp
}

/** The same company with what cannot be on together with the rest: nonces, actors, and a limit on requests. */
export function defineStrict(keyed: TestKey, requestsPerMinute: number) {
  return (baseUrl: string): Record<string, unknown> => {
    const file = company(baseUrl)
    const [server] = file.authorizationServers as object[]
    const idp = file.idp as Section
    const planner = {
      ...{ id: PLANNER, name: 'Planner', kind: 'service' },
      auth: { method: 'private_key_jwt', jwks: { keys: [keyed.publicJwk] } },
    }
    return {
      ...file,
      limits: { tokenRequestsPerMinutePerClient: requestsPerMinute },
      idp: { ...idp, apps: [...(idp.apps ?? []), planner], actorProfile: 'enabled', dpopNonces: true },
      authorizationServers: [{ ...server, dpopNonces: true }],
    }
  }
}
