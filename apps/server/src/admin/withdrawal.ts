// Taking back what was issued: live access tokens at authorization servers that run here, and sessions.
// A token issued elsewhere is out of reach; its authorization server is not told here.
import type { Clock, Sealing } from '@crosswalk/authorization-server'
import { type Person, readUserSource } from '@crosswalk/policy'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'
import type { AccessTokens } from '@crosswalk/resource-as'

import { definitionsOf } from '../directory/compile-world.ts'
import type { Directory } from '../directory/directory.ts'

export interface Withdrawal {
  /** @returns how many live access tokens were born of the connection and are withdrawn now */
  withdrawConnection(connection: ConnectionDefinition): Promise<number>
  /** @returns the same for everything issued for a person, through any app */
  withdrawUser(user: Person): Promise<number>
  /** Ends every session of a person, and their refresh tokens. */
  endSessions(userId: string): Promise<void>
}

export interface WithdrawalParts {
  readonly directory: Pick<Directory, 'current'>
  readonly accessTokens: AccessTokens
  readonly sealing: Sealing
  readonly clock: Clock
  /** The IdP's issuer identifier; undefined where none runs here */
  readonly issuer: string | undefined
  endSessions(userId: string): Promise<void>
}

export function createWithdrawal(parts: WithdrawalParts): Withdrawal {
  const { directory, accessTokens, sealing, clock, issuer } = parts
  const findServer = (resourceApp: ResourceAppDefinition | undefined) =>
    definitionsOf(directory.current().world['authorization-servers']).find(
      (server) => server.issuer === resourceApp?.issuer,
    )

  return {
    endSessions: (userId) => parts.endSessions(userId),
    async withdrawConnection({ clientId, resourceApp: target, resources }) {
      const server = findServer(directory.current().world['resource-apps'].get(target)?.definition)
      if (server === undefined || clientId === undefined || issuer === undefined) return 0
      const born = { authorizationServer: server.id, issuer, clientId }
      const selectors = resources.length === 0 ? [born] : resources.map((resource) => ({ ...born, resource }))
      return sum(selectors.map((selector) => accessTokens.revoke(selector, clock.nowMs())))
    },
    async withdrawUser(user) {
      if (issuer === undefined) return 0
      const subjects = new Map(
        definitionsOf(directory.current().world['resource-apps']).flatMap((resourceApp) => {
          const server = findServer(resourceApp)
          const subject = readSubject(resourceApp, user, sealing)
          if (server === undefined || subject === undefined) return []
          const selector = { authorizationServer: server.id, issuer, issuerSubject: subject }
          return [[JSON.stringify(selector), selector] as const]
        }),
      )
      return sum([...subjects.values()].map((selector) => accessTokens.revoke(selector, clock.nowMs())))
    },
  }
}

/** As the exchange makes it. */
function readSubject(
  { subject, issuer }: ResourceAppDefinition,
  user: Person,
  sealing: Sealing,
): string | undefined {
  if (subject === 'pairwise')
    return sealing.keyedDigest('pairwise-subject', JSON.stringify([issuer, user.id]))
  const value = readUserSource(subject, user)
  return value === undefined ? undefined : String(value)
}

async function sum(counts: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0)
}
