// Clients that no administrator registered by name: those that describe themselves in a document, and those that registered
// themselves.
import type { ClientDocuments } from '@crosswalk/as-core'
import type { ResourceClientDefinition, Result } from '@crosswalk/protocol'

import type { DynamicClients } from './dynamic-clients.ts'
import type { DescribedClients } from './described-clients.ts'

export interface UnregisteredClients {
  readonly documents: ClientDocuments | undefined
  /** @returns one that registered itself */
  findDynamic(clientId: string): ResourceClientDefinition | undefined
  /** @returns the client as last read when it authenticated */
  find(clientId: string): ResourceClientDefinition | undefined
  /** The same, reading its document where that has to be read; refused with why it cannot be used */
  load(clientId: string): Promise<Result<ResourceClientDefinition | undefined, string>>
  /** Whether what allowed a client still does, without reading its document */
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
