// Definitions that all examples share: acme, which decides for alice and bob, and the vendor of Todo0, which trusts acme.
// The keys are those of the configuration file. Replace the values with yours.
import type { IdpDefinition } from '@crosswalk/idp'
import type { ResourceAsDefinition } from '@crosswalk/resource-as'
import type { PortsOptions } from '@crosswalk/storage'

export interface Settings {
  readonly companyUrl: string
  readonly vendorUrl: string
  readonly agentUrl: string
  readonly secrets: Readonly<Record<(typeof SECRETS)[number], string>>
  readonly databases: { readonly company: string; readonly vendor: string }
  /** Allows fetching keys over http from this machine, for development only */
  readonly ports: PortsOptions
}

const SECRETS = ['AGENT_SECRET', 'AGENT_SECRET_AT_VENDOR', 'ALICE_PASSWORD', 'BOB_PASSWORD'] as const

/** @throws Error that names every missing secret */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const missing = SECRETS.filter((name) => (env[name] ?? '') === '')
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')} in the environment`)
  const companyUrl = env['COMPANY_URL'] ?? 'http://127.0.0.1:4000'
  return {
    companyUrl,
    vendorUrl: env['VENDOR_URL'] ?? 'http://127.0.0.1:4001',
    agentUrl: env['AGENT_URL'] ?? 'http://127.0.0.1:4002',
    secrets: Object.fromEntries(SECRETS.map((name) => [name, env[name]])) as Settings['secrets'],
    databases: {
      company: env['COMPANY_DATABASE'] ?? 'sqlite:./data/company.db',
      vendor: env['VENDOR_DATABASE'] ?? 'sqlite:./data/vendor.db',
    },
    ports: { allowLoopback: new URL(companyUrl).hostname === '127.0.0.1' },
  }
}

const SCOPES = ['todos.read', 'todos.write', 'todos.delete']

/** alice, in engineering, may read and write todos through Agent0, but not delete them; bob may do nothing. */
export function defineCompany({ companyUrl, vendorUrl, agentUrl, secrets }: Settings): IdpDefinition {
  const engineering = { groups: ['engineering'] }
  return {
    issuer: companyUrl,
    users: [
      { id: 'usr_alice', username: 'alice', password: secrets.ALICE_PASSWORD, groups: ['engineering'] },
      { id: 'usr_bob', username: 'bob', password: secrets.BOB_PASSWORD },
    ],
    apps: [
      {
        id: 'agent0',
        name: 'Agent0',
        kind: 'agent',
        redirectUris: [`${agentUrl}/callback`],
        auth: { method: 'client_secret_basic', secret: secrets.AGENT_SECRET },
        assignments: { everyone: true },
      },
    ],
    resourceApps: [
      {
        id: 'todo0',
        name: 'Todo0',
        issuer: vendorUrl,
        resources: [{ id: `${vendorUrl}/api`, scopes: SCOPES }],
        assignments: engineering,
      },
    ],
    connections: [
      {
        id: 'agent0-todo0',
        app: 'agent0',
        resourceApp: 'todo0',
        clientId: 'agent0-at-todo0',
        resources: [`${vendorUrl}/api`],
        scopes: ['todos.read', 'todos.write'],
        assignments: engineering,
        status: 'active',
      },
    ],
  }
}

/** Users of acme get an account at their first request. Agent0 has another id and another secret here. */
export function defineVendor({ companyUrl, vendorUrl, secrets }: Settings): ResourceAsDefinition {
  const auth = { method: 'client_secret_basic', secret: secrets.AGENT_SECRET_AT_VENDOR } as const
  return {
    issuer: vendorUrl,
    trustedIssuers: [{ issuer: companyUrl, provisioning: 'jit' }],
    clients: [{ id: 'agent0-at-todo0', auth }],
    resources: [{ id: `${vendorUrl}/api`, scopes: SCOPES }],
  }
}
