// The console as an app of our own IdP. The configured roles decide who may sign in to it. It reaches no resource,
// because no connection names it.
import type { Sealing } from '@crosswalk/as-core'
import type { AppDefinition, Assignments } from '@crosswalk/protocol'

import { CONSOLE_CLIENT_ID, CONSOLE_PATH } from '../config-file/console-app-id.ts'
import type { AdminRoles } from './find-role.ts'

export interface ConsoleAppSettings {
  readonly baseUrl: string
  readonly roles: AdminRoles
}

/** The same in every process with this master key, and not stored. */
export function deriveConsoleSecret(sealing: Pick<Sealing, 'keyedDigest'>): string {
  return sealing.keyedDigest('console-client-secret', CONSOLE_CLIENT_ID)
}

/** @returns the definition without a secret, which the caller adds */
export function buildConsoleApp({ baseUrl, roles }: ConsoleAppSettings): Omit<AppDefinition, 'auth'> {
  return {
    id: CONSOLE_CLIENT_ID,
    name: 'Crosswalk console',
    kind: 'web',
    redirectUris: [`${baseUrl}${CONSOLE_PATH}/callback`],
    postLogoutRedirectUris: [`${baseUrl}${CONSOLE_PATH}/`],
    owners: [],
    assignments: gatherAssignments(roles),
    active: true,
  }
}

function gatherAssignments(roles: AdminRoles): Assignments {
  const given = Object.values(roles).filter((holders) => holders !== undefined)
  return {
    everyone: false,
    users: [...new Set(given.flatMap(({ users }) => users))],
    groups: [...new Set(given.flatMap(({ groups }) => groups))],
  }
}
