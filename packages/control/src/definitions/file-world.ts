// The objects of the configuration file as items owned by the file, with hashed secrets.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import type { SecretHasher } from '@crosswalk/as-core'

import { type Configuration, readObjects } from '../config-file/configuration.ts'
import { CONTROLLED } from './collections/registry.ts'
import type { Item, Items } from './records.ts'

export function buildFileItems(
  configuration: Pick<Configuration, 'idp' | 'authorizationServers'>,
  hasher: SecretHasher,
): Items {
  return Object.fromEntries(
    COLLECTION_NAMES.map((collection) => {
      const { fromFile } = CONTROLLED[collection]
      const items = readObjects(configuration, collection).map((object): [string, Item<unknown>] => {
        const definition = fromFile?.(object as never, hasher) ?? object
        return [object.id, { definition, owner: 'file', revision: 0 }]
      })
      return [collection, new Map(items)]
    }),
  ) as unknown as Items
}
