// Unregistered apps that publish a Client ID Metadata Document. The document defines how the app signs users in and its
// keys; only administrators decide who may use the app and what it may reach.
import {
  type Clock,
  createClientDocuments,
  type ClientDocuments,
  type DocumentFetch,
  isLoopbackHost,
} from '@crosswalk/as-core'
import { type AppDefinition, type ClientMetadata, GRANT_TYPE } from '@crosswalk/protocol'

import type { SignInApp } from './sign-in/contract.ts'

export interface DescribedAppsConfig {
  /** Document URLs or hosts; never empty */
  readonly allow: readonly string[]
  readonly kind: AppDefinition['kind']
  readonly assignments: AppDefinition['assignments']
}

export interface DescribedApps {
  readonly documents: ClientDocuments
  /** Fetches the document of an app unless it is cached and fresh. @returns false if its host cannot answer now */
  load(clientId: string): Promise<boolean>
  /** @returns the app as last loaded, for sign-in */
  find(clientId: string): SignInApp | undefined
  /**
   * @returns the app as last loaded; active only if it may exchange tokens, which requires that grant and keys (D11)
   */
  findForExchange(clientId: string): AppDefinition | undefined
}

export interface DescribedAppsParts {
  readonly baseUrl: string
  readonly fetch: DocumentFetch
  readonly clock: Clock
}

export function createDescribedApps(config: DescribedAppsConfig, parts: DescribedAppsParts): DescribedApps {
  const documents = createClientDocuments({
    ...parts,
    allow: () => config.allow,
    allowLoopback: isLoopbackHost(new URL(parts.baseUrl).hostname),
  })

  function find(clientId: string): SignInApp | undefined {
    const client = documents.peek(clientId)
    return client === undefined ? undefined : describe(client, config)
  }

  return {
    documents,
    async load(clientId) {
      const found = await documents.find(clientId)
      return found === undefined || found.accepted || !found.refusal.isTemporary
    },
    find,
    findForExchange(clientId) {
      const [app, client] = [find(clientId), documents.peek(clientId)]
      if (app === undefined || client === undefined) return undefined
      const mayExchange =
        client.auth.method === 'private_key_jwt' && client.grantTypes.includes(GRANT_TYPE.tokenExchange)
      return { ...app, active: mayExchange }
    },
  }
}

/** The publisher of a document chooses the name of its app, so users also see its host. */
function nameWithHost({ id, name }: ClientMetadata): string {
  return name === id ? name : `${name} (${new URL(id).host})`
}

function describe(client: ClientMetadata, { kind, assignments }: DescribedAppsConfig): SignInApp {
  const signsIn = client.grantTypes.includes(GRANT_TYPE.authorizationCode)
  return {
    id: client.id,
    name: nameWithHost(client),
    kind,
    redirectUris: signsIn ? [...client.redirectUris] : [],
    postLogoutRedirectUris: [],
    grantTypes: client.grantTypes,
    auth: client.auth,
    ...(client.idTokenSigningAlg === undefined ? {} : { idTokenSigningAlg: client.idTokenSigningAlg }),
    owners: [],
    assignments,
    active: true,
  }
}
