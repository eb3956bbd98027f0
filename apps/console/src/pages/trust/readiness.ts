// The readiness of two apps, from facts: the first obstacle, or how recently the connection was proved.
import { DAY_MS } from '@crosswalk/protocol'

export type Readiness =
  | 'same-issuer'
  | 'no-trust'
  | 'not-connected'
  | 'no-client'
  | 'stopped'
  | 'no-users'
  | 'configured'
  | 'proved'
  | 'in-use'

export interface PairFacts {
  /** Issuer of the IdP here */
  readonly ownIssuer: string | undefined
  /** Issuer of the resource's authorization server */
  readonly issuer: string
  /** Whether that server trusts the local IdP; undefined (unknown) if the server is external */
  readonly isTrusted: boolean | undefined
  readonly connection:
    | {
        readonly isActive: boolean
        /** undefined if the server is external */
        readonly isClientKnown: boolean | undefined
        /** The rest is undefined while loading */
        readonly users: number | undefined
        readonly lastUsedAt: string | null | undefined
      }
    | undefined
}

const RECENT_MS = 7 * DAY_MS

/** @returns undefined while facts are missing */
export function findReadiness(facts: PairFacts, nowMs: number): Readiness | undefined {
  const { ownIssuer, issuer, isTrusted, connection } = facts
  if (issuer === ownIssuer) return 'same-issuer'
  if (isTrusted === false) return 'no-trust'
  if (connection === undefined) return 'not-connected'
  if (connection.isClientKnown === false) return 'no-client'
  if (!connection.isActive) return 'stopped'
  const { users, lastUsedAt } = connection
  if (users === undefined) return undefined
  if (users === 0) return 'no-users'
  if (lastUsedAt === null || lastUsedAt === undefined) return 'configured'
  return nowMs - Date.parse(lastUsedAt) <= RECENT_MS ? 'in-use' : 'proved'
}
