// What an API learns from a token: who acts for whom, and how far.
import { asStringArray, isObject, parseScope } from '@crosswalk/protocol'

/** The verified caller of a request. Authorise on `user` and `scopes`; `client` and `actor` are for the record (RS-14). */
export interface Xaa {
  /** The resource owner: the account at this resource's authorization server */
  readonly user: string
  /** Who acts: the `act` claim's subject, else the client */
  readonly actor: string
  /** The client that holds the token */
  readonly client: string
  readonly scopes: readonly string[]
  /** Decision record behind the token, where the token names it */
  readonly decisionId?: string
  /** Epoch seconds */
  readonly expiresAt: number
  /** All claims of the token, or members of the introspection answer */
  readonly claims: Readonly<Record<string, unknown>>
}

/** @returns undefined where the claims lack what an access token must have (RFC 9068 section 2.2) */
export function buildXaa(claims: Readonly<Record<string, unknown>>): Xaa | undefined {
  const { sub, client_id: client, exp, scope, act, decision_id: decisionId } = claims
  if (!isText(sub) || !isText(client) || typeof exp !== 'number') return undefined
  const parsed = parseScope(typeof scope === 'string' ? scope : '')
  if (!parsed.accepted) return undefined
  return {
    user: sub,
    actor: isObject(act) && isText(act.sub) ? act.sub : client,
    client,
    scopes: parsed.value,
    expiresAt: exp,
    ...(isText(decisionId) ? { decisionId } : {}),
    claims,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether `aud` names the resource, byte for byte (RS-02, AT-01). */
export function isForResource(aud: unknown, resource: string): boolean {
  return asStringArray(aud)?.includes(resource) === true
}
