// What an API learns from a token: who acts for whom, and with which scopes.
import { asStringArray, isObject, parseScope } from '@crosswalk/protocol'

/** The user's identity outside this API, as far as the authorization server lists it for the resource (`claims`). */
export interface XaaIdentity {
  /** Issuer of the user's company: its identity provider */
  readonly issuer?: string
  /** The user's identifier at that issuer; unique only together with `issuer` and `tenant` */
  readonly subject?: string
  /** The company, at an issuer with several tenants */
  readonly tenant?: string
  readonly email?: string
  /** Whether the issuer verified the address and may assert its domain; present with `email`. Match only if true. */
  readonly emailVerified?: boolean
  readonly name?: string
}

/**
 * The verified caller of a request. Authorize by `user` and `scopes`; `client` and `actor` are for the record (RS-14).
 */
export interface Xaa {
  /** The resource owner: the account at this resource's authorization server */
  readonly user: string
  /** Empty unless the authorization server lists claims for the resource; its other claims are in `claims` */
  readonly identity: XaaIdentity
  /** The actor: the subject of the `act` claim, or the client */
  readonly actor: string
  /** The client that holds the token */
  readonly client: string
  readonly scopes: readonly string[]
  /** The decision record behind the token, if the token names it */
  readonly decisionId?: string
  /** Epoch seconds */
  readonly expiresAt: number
  /** All claims of the token, or members of the introspection response */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * The verified caller of a request after `protect` or `guard`. `object` admits the requests of `node:http`, whose type
 * has no `xaa`.
 *
 * @throws Error if there is none: no guard ran before the handler, or `otherwise` handled the request
 */
export function xaaOf({ xaa }: object & { readonly xaa?: Xaa }): Xaa {
  if (xaa === undefined)
    throw new Error('no verified caller: this handler needs guard() or protect() before it')
  return xaa
}

/** @returns undefined if a claim that access tokens require is missing (RFC 9068 section 2.2) */
export function buildXaa(claims: Readonly<Record<string, unknown>>): Xaa | undefined {
  const { sub, exp, scope, act, decision_id: decisionId } = claims
  // Keycloak and Auth0 name the client in `azp` alone.
  const client = claims.client_id ?? claims.azp
  if (!isText(sub) || !isText(client) || typeof exp !== 'number') return undefined
  const parsed = parseScope(typeof scope === 'string' ? scope : '')
  if (!parsed.accepted) return undefined
  return {
    user: sub,
    identity: readIdentity(claims),
    actor: isObject(act) && isText(act.sub) ? act.sub : client,
    client,
    scopes: parsed.value,
    expiresAt: exp,
    ...(isText(decisionId) ? { decisionId } : {}),
    claims,
  }
}

function readIdentity(claims: Readonly<Record<string, unknown>>): XaaIdentity {
  const { sub_id: subId, tenant, email, name } = claims
  return {
    // RFC 9493 section 3.2.2
    ...(isObject(subId) && subId.format === 'iss_sub' && isText(subId.iss) && isText(subId.sub)
      ? { issuer: subId.iss, subject: subId.sub }
      : {}),
    ...(isText(tenant) ? { tenant } : {}),
    ...(isText(email) ? { email, emailVerified: claims.email_verified === true } : {}),
    ...(isText(name) ? { name } : {}),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether `aud` names the resource, byte for byte (RS-02, AT-01). */
export function isForResource(aud: unknown, resource: string): boolean {
  return asStringArray(aud)?.includes(resource) === true
}
