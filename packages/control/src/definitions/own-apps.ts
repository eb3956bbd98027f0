// Built-in apps without a definition: the console, if users have roles in it.
import type { Sealing, SecretHasher } from '@crosswalk/as-core'
import type { AppDefinition } from '@crosswalk/protocol'

import type { Configuration } from '../config-file/configuration.ts'
import { hashClientSecret } from './secrets.ts'
import { buildConsoleApp, deriveConsoleSecret } from './console-app.ts'

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
