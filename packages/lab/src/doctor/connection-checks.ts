// Whether both ends of a connection agree, if both are known: its definition at the IdP and that of its authorization
// server. Pure; `config check` finds mistakes of one end only.
import { type DoctorCheck, type Finding, found, notApplicable, pass, runChecks } from './finding.ts'
import { describeDifference } from './server-checks.ts'

export interface ConnectionEvidence {
  readonly idp: string
  readonly connection: {
    readonly id: string
    readonly clientId?: string | undefined
    readonly resources: readonly string[]
    readonly scopes: readonly string[]
    readonly status: string
  }
  /** How the app authenticates at the IdP */
  readonly appAuth?: string
  readonly resourceApp: { readonly id: string; readonly issuer: string; readonly tenant?: string | undefined }
  readonly server: {
    readonly id: string
    readonly trustedIssuers: readonly {
      readonly issuer: string
      readonly tenant?: string | undefined
      readonly jwks?: unknown
      readonly active: boolean
    }[]
    readonly clients: readonly { readonly id: string; readonly active: boolean }[]
    readonly resources: readonly { readonly id: string; readonly scopes: readonly string[] }[]
  }
}

/** Of C03, by the definitions of our own server or by the response of any server. */
export const OWN_CLIENT_ID = 'the app has a separate client id at this server'

export const CONNECTION_CHECKS: readonly DoctorCheck<ConnectionEvidence>[] = [
  {
    id: 'R05',
    title: 'the authorization server trusts the IdP',
    severity: 'fail',
    why: 'An ID-JAG of an issuer that is not on the list is refused (XAA2202).',
    judge: ({ idp, server }) => {
      const trusted = server.trustedIssuers.filter(({ active }) => active).map(({ issuer }) => issuer)
      if (trusted.includes(idp)) return pass()
      const near = trusted.find((issuer) => describeDifference(idp, issuer) !== '')
      return found({
        what: `${server.id} does not trust the IdP${near === undefined ? '' : describeDifference(idp, near)}`,
        saw: trusted.length === 0 ? 'it trusts no issuer' : trusted.join(' '),
        expected: idp,
        fix: `Add ${idp} to trustedIssuers of ${server.id}.`,
      })
    },
  },
  {
    id: 'C03',
    title: OWN_CLIENT_ID,
    severity: 'fail',
    why: 'The ID-JAG names the client that may redeem it; no other client can (XAA2101, XAA2103).',
    judge: ({ connection: { id, clientId }, server }) => {
      if (clientId === undefined) return notApplicable
      const client = server.clients.find((it) => it.id === clientId)
      if (client?.active === true) return pass()
      return found({
        what:
          client === undefined
            ? `${server.id} has no client ${clientId}`
            : `The client ${clientId} of ${server.id} is not active`,
        saw: server.clients.map((it) => it.id).join(' ') || 'no clients',
        expected: `clientId of the connection ${id}: ${clientId}`,
        fix: `Register ${clientId} at ${server.id}, or correct clientId of the connection.`,
      })
    },
  },
  {
    id: 'X04',
    title: 'the resources are served there',
    severity: 'fail',
    why: 'An ID-JAG for a resource that the server does not protect is refused (XAA2213).',
    judge: ({ connection, server }) => {
      const served = server.resources.map(({ id }) => id)
      const unserved = connection.resources.filter((resource) => !served.includes(resource))
      const [first] = unserved
      if (first === undefined) return pass()
      const near = served.find((id) => describeDifference(first, id) !== '')
      return found({
        what: `${server.id} does not protect ${first}${near === undefined ? '' : describeDifference(first, near)}`,
        saw: served.join(' ') || 'no resources',
        expected: unserved.join(' '),
        fix: `Add it to resources of ${server.id}, or correct resources of ${connection.id}.`,
      })
    },
  },
  {
    id: 'X07',
    title: 'the scopes are known there',
    severity: 'warn',
    why: 'A scope that the server does not know is removed; if none is left, the request is refused (XAA2403).',
    needs: ['X04'],
    judge: ({ connection, server }) => {
      const known = server.resources
        .filter(({ id }) => connection.resources.includes(id))
        .flatMap(({ scopes }) => scopes)
      const unknown = connection.scopes.filter((scope) => !known.includes(scope))
      return unknown.length === 0
        ? pass()
        : found({
            what: `${server.id} does not know every scope of the connection`,
            saw: `unknown there: ${unknown.join(' ')}`,
            expected: known.join(' '),
            fix: `Register the scopes at ${server.id}, or drop them from ${connection.id}.`,
          })
    },
  },
  {
    id: 'J06',
    title: 'the tenant matches',
    severity: 'fail',
    why: 'A server that expects a tenant refuses every other one (XAA2214).',
    needs: ['R05'],
    judge: ({ idp, resourceApp, server }) => {
      // An issuer may be trusted for several tenants, each in its own entry.
      const tenants = server.trustedIssuers
        .filter(({ issuer, active }) => active && issuer === idp)
        .map(({ tenant }) => tenant)
      if (tenants.some((tenant) => tenant === undefined || tenant === resourceApp.tenant)) return pass()
      const expected = tenants.join(' or ')
      return found({
        what: `${server.id} expects another tenant`,
        saw: resourceApp.tenant ?? 'none',
        expected,
        fix: `Set tenant: ${expected} on the resource app ${resourceApp.id}.`,
      })
    },
  },
  {
    id: 'C07',
    title: 'a confidential client',
    severity: 'warn',
    why: 'A public client does not prove its identity; its grants must be bound by DPoP.',
    judge: ({ appAuth }) => {
      if (appAuth === undefined) return notApplicable
      return appAuth === 'none'
        ? found({
            what: 'The app is a public client',
            saw: 'auth.method: none',
            fix: 'Give it a key (private_key_jwt).',
          })
        : pass(appAuth)
    },
  },
]

export function checkConnections(connections: readonly ConnectionEvidence[]): readonly Finding[] {
  return connections.flatMap((evidence) =>
    runChecks(CONNECTION_CHECKS, evidence, { subject: `connection ${evidence.connection.id}` }),
  )
}
