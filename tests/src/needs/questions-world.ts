// The two servers of the twelve questions: acme, with its IdP and an authorization server; and a vendor with only authorization servers. acme's
// administrator connects them through the admin API.
import { decodeJwt } from 'jose'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

export const WIKI = 'https://wiki.vendor.test/api'
export const GATEWAY = 'https://gateway.vendor.test/mcp'
export const MAIL = 'https://mail.vendor.test/api'
/** The IdP of another vendor, trusted only by that vendor's authorization server. */
const STRANGER = 'https://idp.stranger.test'

export interface QuestionsWorld {
  readonly acme: TestServer
  readonly vendor: TestServer
  /** acme's administrator */
  readonly admin: Admin
  readonly idTokens: Readonly<Record<'alice' | 'bob' | 'carol', string>>
  /** Creates a resource app behind the vendor's server `server` and a connection from Agent0, through the admin API */
  connect(resourceApp: ResourceAppInput): Promise<void>
  /** First leg, for Agent0 */
  ask(person: keyof QuestionsWorld['idTokens'], form: Readonly<Record<string, string>>): Promise<Answer>
  /** Second leg, at the vendor's server `server` */
  redeemAt(server: string, idJag: string, form?: Readonly<Record<string, string>>): Promise<Answer>
  /** @returns the code of the decision that a response names */
  codeOf(server: TestServer, answer: Answer): Promise<string | undefined>
  stop(): Promise<void>
}

export interface ResourceAppInput extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly server: string
  readonly resource: string
  readonly scopes?: readonly string[]
}

export async function startQuestionsWorld(): Promise<QuestionsWorld> {
  const acme = await startTestServer({ file: describeAcme })
  const vendor = await startTestServer({ file: () => describeVendor(acme.baseUrl) })
  const admin = adminOf(acme.baseUrl)
  const idTokens = {
    alice: (await signInFor(acme.baseUrl, 'alice')).idToken,
    bob: (await signInFor(acme.baseUrl, 'bob')).idToken,
    carol: (await signInFor(acme.baseUrl, 'carol')).idToken,
  }
  return {
    acme,
    vendor,
    admin,
    idTokens,
    connect: async (input) => connect(admin, vendor.baseUrl, input),
    ask: (person, form) => exchange(acme.baseUrl, idTokens[person], form),
    redeemAt: (server, assertion, form = {}) =>
      postForm(
        `${vendor.baseUrl}/as/${server}/token`,
        { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, ...form },
        { authorization: basic(AGENT_AT_VENDOR) },
      ),
    codeOf: async (server, { headers }) => {
      const id = headers.get('crosswalk-decision') ?? ''
      const [event] = await server.events((reader) => reader.findByDecision(id))
      return event?.event.decision?.code
    },
    stop: async () => {
      await Promise.all([acme.stop(), vendor.stop()])
    },
  }
}

function describeAcme(baseUrl: string): Record<string, unknown> {
  const users = {
    alice: { attributes: { employeeNumber: 'E-1001', department: 'R&D' } },
    carol: { emailVerified: false },
  }
  return company(baseUrl, { users })
}

function describeVendor(acme: string): Record<string, unknown> {
  const client = {
    id: AGENT_AT_VENDOR.id,
    auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret },
  }
  const api = {
    id: 'gateway-api',
    auth: { method: 'client_secret_basic', secret: 'secret of the gateway' },
    introspects: [GATEWAY],
  }
  const server = (id: string, resource: string, trust: object, clients: readonly object[] = [client]) => ({
    id,
    trustedIssuers: [trust],
    clients,
    resources: [{ id: resource, scopes: ['read', 'write'] }],
  })
  return {
    authorizationServers: [
      server('wiki', WIKI, { issuer: acme, provisioning: 'jit' }),
      server('strict', WIKI, { issuer: acme, provisioning: 'none' }),
      server('stranger', WIKI, { issuer: STRANGER, jwksUri: `${STRANGER}/jwks`, provisioning: 'jit' }),
      server('gateway', GATEWAY, { issuer: acme, provisioning: 'external' }, [client, api]),
      server('mail', MAIL, { issuer: acme, subject: ['email'], emailDomains: ['other.test'] }),
    ],
  }
}

async function connect(admin: Admin, vendor: string, { server, resource, scopes, ...app }: ResourceAppInput) {
  const everyone = { everyone: true }
  const known = scopes ?? ['read', 'write']
  const made = await admin('POST', '/resource-apps', {
    body: {
      name: app.id,
      issuer: `${vendor}/as/${server}`,
      resources: [{ id: resource, scopes: known }],
      assignments: everyone,
      ...app,
    },
  })
  const joined = await admin('POST', '/connections', {
    body: {
      id: `agent0-${app.id}`,
      app: 'agent0',
      resourceApp: app.id,
      clientId: AGENT_AT_VENDOR.id,
      resources: [resource],
      scopes: known,
      assignments: everyone,
      status: 'active',
    },
  })
  if (made.status !== 201 || joined.status !== 201) throw new Error(`${made.text} ${joined.text}`)
}

/** @returns the claims of the token. @throws Error for a denial */
export function claimsOf({ status, body }: Answer): Readonly<Record<string, unknown>> {
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`)
  return decodeJwt(String(body.access_token))
}

export const tokenOf = ({ body }: Answer): string => String(body.access_token)

/** acme's own resource, behind the authorization server in the same process. */
export const OWN_RESOURCE = TODO
