// The configuration a server starts with: the file, with every issuer filled in.
import { type Collection, COLLECTIONS } from '@crosswalk/admin-api'
import type { AuthorizationServerDefinition } from '@crosswalk/protocol'

import { valueAt } from './finding.ts'
import type { ConfigurationFile } from './file-schema.ts'

export type IdpSection = NonNullable<ConfigurationFile['idp']>

/** Where objects are defined, for messages. */
export interface Origin {
  readonly file: string
  /** Lines by collection and id: `users/usr_alice` */
  readonly lines: Readonly<Record<string, number>>
}

export interface Configuration extends Omit<ConfigurationFile, 'idp' | 'authorizationServers'> {
  readonly origin?: Origin
  readonly idp?: IdpSection & { readonly issuer: string }
  readonly authorizationServers: readonly (AuthorizationServerDefinition & { readonly issuer: string })[]
}

/** Fills in the issuers that default to a URL under `baseUrl`. */
export function completeIssuers({ idp, ...file }: ConfigurationFile): Configuration {
  return {
    ...file,
    ...(idp === undefined ? {} : { idp: { ...idp, issuer: idp.issuer ?? file.baseUrl } }),
    authorizationServers: file.authorizationServers.map((server) => ({
      ...server,
      issuer: server.issuer ?? `${file.baseUrl}/as/${server.id}`,
    })),
  }
}

/** @returns the objects of one collection, in the order of the file */
export function readObjects(
  configuration: Pick<Configuration, 'idp' | 'authorizationServers'>,
  collection: Collection,
): readonly { readonly id: string }[] {
  const found = valueAt(configuration, COLLECTIONS[collection].path)
  return (found as readonly { readonly id: string }[] | undefined) ?? []
}
