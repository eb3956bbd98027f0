// The objects of the configuration file as items: owned by the file, secrets hashed.
import type { SecretHasher } from '@crosswalk/as-core'
import type { UserDefinition } from '@crosswalk/protocol'

import type { Configuration } from '../config-file/configuration.ts'
import { hashClientSecret } from './secrets.ts'
import type { Item, Items, UserRecord } from './records.ts'

export function buildFileItems(
  { idp, authorizationServers }: Pick<Configuration, 'idp' | 'authorizationServers'>,
  hasher: SecretHasher,
): Items {
  return {
    users: toItems((idp?.users ?? []).map(withoutSecrets)),
    groups: toItems(idp?.groups ?? []),
    apps: toItems((idp?.apps ?? []).map((app) => hashClientSecret(app, hasher))),
    'resource-apps': toItems(idp?.resourceApps ?? []),
    connections: toItems(idp?.connections ?? []),
    policies: toItems(idp?.policies ?? []),
    'policy-suites': toItems(idp?.policyTests ?? []),
    'authorization-servers': toItems(
      authorizationServers.map((server) => ({
        ...server,
        clients: server.clients.map((client) => hashClientSecret(client, hasher)),
      })),
    ),
  }
}

function toItems<T extends { readonly id: string }>(definitions: readonly T[]): Map<string, Item<T>> {
  return new Map(
    definitions.map((definition) => [definition.id, { definition, owner: 'file', revision: 0 }] as const),
  )
}

function withoutSecrets({ password, totpSecret: _, ...user }: UserDefinition): UserRecord {
  return { ...user, hasPassword: password !== undefined }
}
