// The company of the end-to-end tests: one IdP with four users and two apps, one vendor with two products behind one issuer.
export const REDIRECT_URI = 'http://127.0.0.1:7777/callback'
export const TODO = 'http://127.0.0.1:7701/mcp'
export const NOTES = 'http://127.0.0.1:7703/mcp'
export const PASSWORD = 'correct horse battery staple'

export const AGENT = { id: 'agent0', secret: 'agent0 secret at the IdP' }
export const AGENT_AT_VENDOR = { id: 'agent0-at-vendor', secret: 'agent0 secret at the vendor' }

const secret = (client: { readonly secret: string }) => ({
  method: 'client_secret_basic',
  secret: client.secret,
})
const engineering = { groups: ['engineering'] }
const everyone = { everyone: true }

function user(name: string, groups: readonly string[], change: Readonly<Record<string, unknown>> = {}) {
  return {
    id: `usr_${name}`,
    username: name,
    name,
    email: `${name}@acme.test`,
    emailVerified: true,
    password: PASSWORD,
    groups,
    ...change,
  }
}

export interface CompanyOptions {
  readonly connection?: Readonly<Record<string, unknown>>
  readonly authorizationServer?: Readonly<Record<string, unknown>>
  readonly idp?: Readonly<Record<string, unknown>>
  /** Changes of users, by name */
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export function company(
  baseUrl: string,
  { connection, authorizationServer, idp, users = {} }: CompanyOptions = {},
): Record<string, unknown> {
  const issuer = `${baseUrl}/as/vendor`
  return {
    admin: { token: 'an admin token of more than 32 characters' },
    idp: {
      users: [
        user('alice', ['engineering'], users.alice),
        user('bob', ['sales'], users.bob),
        user('carol', ['engineering'], users.carol),
        user('dave', ['engineering'], { active: false, ...users.dave }),
      ],
      apps: [
        {
          id: AGENT.id,
          name: 'Agent0',
          kind: 'agent',
          redirectUris: [REDIRECT_URI],
          auth: secret(AGENT),
          assignments: everyone,
        },
        {
          id: 'other',
          name: 'Other',
          kind: 'web',
          redirectUris: [REDIRECT_URI],
          auth: secret({ secret: 'other secret' }),
          assignments: everyone,
        },
      ],
      resourceApps: [
        {
          id: 'todo0',
          name: 'Todo0',
          issuer,
          resources: [{ id: TODO, scopes: ['todos.read', 'todos.write'] }],
          assignments: engineering,
          claims: { email: 'user.email' },
        },
        {
          id: 'notes0',
          name: 'Notes0',
          issuer,
          resources: [{ id: NOTES, scopes: ['notes.read', 'notes.write'] }],
          assignments: engineering,
        },
      ],
      connections: [
        {
          id: 'agent0-todo0',
          app: AGENT.id,
          resourceApp: 'todo0',
          clientId: AGENT_AT_VENDOR.id,
          resources: [TODO],
          scopes: ['todos.read', 'todos.write'],
          assignments: engineering,
          status: 'active',
          ...connection,
        },
        {
          id: 'agent0-notes0',
          app: AGENT.id,
          resourceApp: 'notes0',
          clientId: AGENT_AT_VENDOR.id,
          resources: [NOTES],
          scopes: ['notes.read'],
          assignments: engineering,
          status: 'active',
        },
      ],
      ...idp,
    },
    authorizationServers: [
      {
        id: 'vendor',
        trustedIssuers: [{ issuer: baseUrl, subject: ['iss_sub'], provisioning: 'jit' }],
        clients: [
          { id: AGENT_AT_VENDOR.id, auth: secret(AGENT_AT_VENDOR) },
          { id: 'todo0-api', auth: secret({ secret: 'todo0 api secret' }), introspects: [TODO] },
        ],
        resources: [
          { id: TODO, scopes: ['todos.read', 'todos.write'] },
          { id: NOTES, scopes: ['notes.read', 'notes.write'] },
        ],
        ...authorizationServer,
      },
    ],
  }
}
