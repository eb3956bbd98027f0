// The console as an app of our own IdP, without a definition. The configured roles decide who may sign in to it. It
// reaches no resource, because no connection names it.
import type { Sealing, SecretHasher } from '@crosswalk/as-core'
import type { AppDefinition, Assignments } from '@crosswalk/protocol'

import type { Configuration } from '../config-file/configuration.ts'
import { CONSOLE_CLIENT_ID, CONSOLE_PATH } from '../config-file/console-app-id.ts'
import { hashClientSecret } from './collections/client-secrets.ts'
import type { AdminRoles } from './find-role.ts'

export interface ConsoleAppSettings {
  readonly baseUrl: string
  readonly roles: AdminRoles
}

/** @returns the console, if users have roles in it */
export function buildOwnApps(
  { baseUrl, admin }: Pick<Configuration, 'baseUrl' | 'admin'>,
  sealing: Pick<Sealing, 'keyedDigest'>,
  hasher: SecretHasher,
): readonly AppDefinition[] {
  if (admin?.roles === undefined) return []
  const app = buildConsoleApp({ baseUrl, roles: admin.roles })
  const auth = { method: 'client_secret_basic', secret: deriveConsoleSecret(sealing) } as const
  return [hashClientSecret({ ...app, auth }, hasher)]
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
