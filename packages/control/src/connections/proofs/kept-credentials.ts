// Client secrets that the configuration keeps for proofs: where each one is, and its value for a run that requests it.
import type { CredentialPlace, ProofCredential } from '@crosswalk/admin-api'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import { definitionsOf } from '../../definitions/records.ts'
import type { Parts } from '../../parts.ts'
import type { UsableCredential } from './credential.ts'
import type { Configuration } from '../../config-file/configuration.ts'

export interface CredentialPlaces {
  readonly atIdp: CredentialPlace
  readonly atResource: CredentialPlace
}

/** @returns where the app's credentials at both authorization servers are, without the credentials */
export function locateCredentials(
  parts: Parts<'configuration' | 'directory'>,
  { app, clientId = app }: ConnectionDefinition,
  { issuer }: ResourceAppDefinition,
): CredentialPlaces {
  const idp = parts.configuration.idp?.issuer ?? ''
  return {
    atIdp: { ...locate(parts, idp, app), hosted: true },
    atResource: { ...locate(parts, issuer, clientId), ...describeRegistration(parts, issuer, clientId) },
  }
}

/** @returns the credential to authenticate with; undefined if the configuration has none for this client */
export function resolveCredential(
  { configuration }: Parts<'configuration'>,
  credential: ProofCredential,
  { issuer, clientId, inBody }: CredentialPlace,
): UsableCredential | undefined {
  if (credential.kind !== 'kept') return { ...credential, inBody }
  const kept = findKept(configuration, issuer, clientId)
  return kept === undefined ? undefined : { kind: 'secret', secret: kept.secret, inBody }
}

function locate({ configuration }: Parts<'configuration'>, issuer: string, clientId: string) {
  const kept = findKept(configuration, issuer, clientId)
  const keptIn = kept?.keptIn ?? configuration.origin?.file
  return {
    issuer,
    clientId,
    kept: kept !== undefined,
    ...(kept === undefined || keptIn === undefined ? {} : { keptIn }),
  }
}

/** Exact comparison: a secret is sent only to its own server. */
function findKept({ admin }: Configuration, issuer: string, clientId: string) {
  return admin?.proofCredentials.find((kept) => kept.issuer === issuer && kept.clientId === clientId)
}

/** Our authorization servers accept a secret only where the registration says, and their metadata names both places. */
function describeRegistration({ directory }: Parts<'directory'>, issuer: string, clientId: string) {
  const servers = definitionsOf(directory.current().world['authorization-servers'])
  const server = servers.find((one) => one.issuer === issuer)
  const method = server?.clients.find(({ id }) => id === clientId)?.auth.method
  return { hosted: server !== undefined, ...(method === 'client_secret_post' ? { inBody: true } : {}) }
}
