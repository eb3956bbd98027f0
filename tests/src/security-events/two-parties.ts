// A company and a vendor as two servers with separate databases and keys, linked only by configuration: the company's IdP sends revocations to
// the vendor's authorization server.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ADMIN = { token: 'an admin token of more than 32 characters' }

export interface Parties {
  readonly idp: TestServer
  readonly vendor: TestServer
  /** Options of the IdP */
  readonly admin: Admin
  readonly vendorAdmin: Admin
  readonly vendorIssuer: string
  signIn(username: string): Promise<string>
  exchange(idToken: string, resource?: string): Promise<Answer>
  redeem(idJag: string): Promise<Answer>
  /** Both legs, which must succeed */
  getAccessToken(idToken: string, resource?: string): Promise<string>
  isActive(accessToken: string): Promise<boolean>
  stop(): Promise<void>
}

export interface PartiesOptions {
  /** Options of each resource app at the IdP */
  readonly resourceApp?: Readonly<Record<string, unknown>>
  /** Options of the vendor's trust in the company */
  readonly trust?: Readonly<Record<string, unknown>>
  readonly apps?: readonly object[]
}

type CompanyFile = { idp: { resourceApps: object[]; apps: object[] }; authorizationServers?: unknown }

export async function startParties(options: PartiesOptions = {}): Promise<Parties> {
  const vendor = await startTestServer({ file: () => ({ admin: ADMIN }) })
  const vendorIssuer = `${vendor.baseUrl}/as/vendor`
  const idp = await startTestServer({ file: (baseUrl) => describeCompany(baseUrl, vendorIssuer, options) })
  const vendorAdmin = adminOf(vendor.baseUrl)
  const created = await vendorAdmin('POST', '/authorization-servers', {
    body: describeVendor(idp.baseUrl, options),
  })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  const exchange: Parties['exchange'] = (idToken, resource = TODO) =>
    postForm(
      `${idp.baseUrl}/token`,
      {
        grant_type: GRANT_TYPE.tokenExchange,
        requested_token_type: TOKEN_TYPE.idJag,
        audience: vendorIssuer,
        subject_token: idToken,
        subject_token_type: TOKEN_TYPE.idToken,
        resource,
      },
      { authorization: basic(AGENT) },
    )
  const atVendor = (path: string, form: Readonly<Record<string, string>>) =>
    postForm(`${vendorIssuer}/${path}`, form, { authorization: basic(AGENT_AT_VENDOR) })
  const redeem = (idJag: string) => atVendor('token', { grant_type: GRANT_TYPE.jwtBearer, assertion: idJag })
  return {
    idp,
    vendor,
    admin: adminOf(idp.baseUrl),
    vendorAdmin,
    vendorIssuer,
    signIn: async (username) => (await signInFor(idp.baseUrl, username)).idToken,
    exchange,
    redeem,
    async getAccessToken(idToken, resource) {
      const { body: granted } = await exchange(idToken, resource)
      const { body, status } = await redeem(String(granted.access_token))
      if (status !== 200) throw new Error(`${JSON.stringify(granted)} ${JSON.stringify(body)}`)
      return String(body.access_token)
    },
    isActive: async (token) => (await atVendor('introspect', { token })).body.active === true,
    async stop() {
      await idp.stop()
      await vendor.stop()
    },
  }
}

function describeCompany(baseUrl: string, vendorIssuer: string, { resourceApp, apps = [] }: PartiesOptions) {
  const { authorizationServers: _, ...file } = company(baseUrl) as CompanyFile
  const told = { securityEvents: { endpoint: `${vendorIssuer}/security-events` }, ...resourceApp }
  return {
    ...file,
    idp: {
      ...file.idp,
      apps: [...file.idp.apps, ...apps],
      resourceApps: file.idp.resourceApps.map((app) => ({ ...app, issuer: vendorIssuer, ...told })),
    },
  }
}

function describeVendor(idpIssuer: string, { trust }: PartiesOptions) {
  return {
    id: 'vendor',
    trustedIssuers: [
      { issuer: idpIssuer, subject: ['iss_sub'], provisioning: 'jit', securityEvents: {}, ...trust },
    ],
    clients: [
      { id: AGENT_AT_VENDOR.id, auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret } },
    ],
    resources: [
      { id: TODO, scopes: ['todos.read', 'todos.write'] },
      { id: NOTES, scopes: ['notes.read', 'notes.write'] },
    ],
  }
}
