// Clients that no administrator registered by name: self-described by a document, or self-registered.
import type { ClientDocuments, DocumentRefusal } from '@crosswalk/as-core'
import type { ResourceClientDefinition, Result } from '@crosswalk/protocol'

import type { DynamicClients } from './dynamic-clients.ts'
import type { DescribedClients } from './described-clients.ts'

export interface UnregisteredClients {
  readonly documents: ClientDocuments | undefined
  /** @returns a self-registered client */
  findDynamic(clientId: string): ResourceClientDefinition | undefined
  /** @returns the client as read when it last authenticated */
  find(clientId: string): ResourceClientDefinition | undefined
  /** Like `find`, but reads the document if necessary */
  load(clientId: string): Promise<Result<ResourceClientDefinition | undefined, DocumentRefusal>>
  /** Whether a client is still allowed, without reading its document */
  isAllowed(clientId: string): boolean
}

export function joinClients(
  described: DescribedClients | undefined,
  dynamic: DynamicClients,
): UnregisteredClients {
  const find = (clientId: string) => dynamic.find(clientId) ?? described?.find(clientId)
  return {
    documents: described?.documents,
    findDynamic: (clientId) => dynamic.find(clientId),
    find,
    async load(clientId) {
      const document = await described?.documents.find(clientId)
      return document?.accepted === false ? document : { accepted: true, value: find(clientId) }
    },
    isAllowed: (clientId) => dynamic.find(clientId) !== undefined || described?.isAllowed(clientId) === true,
  }
}
