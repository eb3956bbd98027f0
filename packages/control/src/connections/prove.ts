// Connection proofs: validates the administrator's request before anyone is sent to sign in.
import type { proofRoutes, ProofInput } from '@crosswalk/admin-api'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import { createConsoleCookies, PROOF_COOKIE, PROOF_PATH } from '../http/cookies.ts'
import { findCredentialProblem, type UsableCredential } from './proofs/credential.ts'
import { type CredentialPlaces, locateCredentials, resolveCredential } from './proofs/kept-credentials.ts'
import { RUN_SECONDS } from './proofs/proof-store.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { findShown } from '../views/read-objects.ts'
import type { Parts } from '../parts.ts'
import type { ProofsPart } from './proofs/proofs.ts'
import { conflict, isProblem, noIdentityProvider, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'

export function createProofHandlers(
  parts: Parts<'configuration' | 'directory' | 'clock'> & ProofsPart,
): Pick<Handlers, keyof typeof proofRoutes> {
  return {
    'connections.prove': createProveHandler(parts),
    async 'connections.proof-credentials'({ params: { id } }, context) {
      const parties = await findParties(parts, id, context)
      if (isProblem(parties)) return parties
      return { status: 200, body: locateCredentials(parts, parties.connection, parties.resourceApp) }
    },
    async 'connections.proof'({ params: { id, proof } }, context) {
      const connection = await findShown(parts, 'connections', id, context)
      if (isProblem(connection)) return connection
      const found = await parts.proofs?.find(proof)
      return found?.connection === id
        ? { status: 200, body: found }
        : notFound('Proof not found; results are kept for an hour.')
    },
  }
}

function createProveHandler(
  parts: Parts<'configuration' | 'directory' | 'clock'> & ProofsPart,
): Handlers['connections.prove'] {
  const { proofs, configuration, directory } = parts
  return async ({ params: { id }, body: input }, context) => {
    const parties = await findParties(parts, id, context)
    if (isProblem(parties)) return parties
    const { connection, resourceApp } = parties
    if (proofs === undefined) return noIdentityProvider()
    if (context.caller.session === undefined)
      return conflict(
        `A user must sign in: start in the console, or run \`npx crosswalk connection prove ${id}\` in a terminal.`,
      )
    const app = directory.current().world.apps.get(connection.app)?.definition
    if (app?.redirectUris.length === 0)
      return conflict(
        `Users cannot sign in to ${app.id}: it has no redirect URI. Prove the connection where its tokens are.`,
      )
    const resource = input.resource ?? connection.resources[0]
    if (resource === undefined) return conflict(describeMissingResource(id))
    const credentials = await readCredentials(parts, input, locateCredentials(parts, connection, resourceApp))
    if (isProblem(credentials)) return credentials
    const wanted = { connection, resourceApp, input: { ...input, ...credentials }, resource }
    const { proof, url, browser } = await proofs.begin(wanted, context)
    const cookies = createConsoleCookies(configuration.baseUrl)
    const options = { sameSite: 'Lax', maxAgeSeconds: RUN_SECONDS * 2, path: PROOF_PATH } as const
    return {
      status: 200,
      headers: { 'set-cookie': cookies.render(PROOF_COOKIE, browser, options) },
      body: { id: proof.id, url, expiresAt: proof.expiresAt },
    }
  }
}

interface Parties {
  readonly connection: ConnectionDefinition
  readonly resourceApp: ResourceAppDefinition
}

async function findParties(
  parts: Parts<'directory' | 'clock'>,
  id: string,
  context: AdminContext,
): Promise<Parties | Problem> {
  const connection = await findShown(parts, 'connections', id, context)
  if (isProblem(connection)) return connection
  const resourceApp = parts.directory.current().world['resource-apps'].get(connection.resourceApp)?.definition
  return resourceApp === undefined ? conflict(describeMissingResource(id)) : { connection, resourceApp }
}

function describeMissingResource(id: string): string {
  return `Connection ${id} has no resource, so there is nothing to reach.`
}

interface UsableCredentials {
  readonly credential: UsableCredential
  readonly atResource: UsableCredential | undefined
}

async function readCredentials(
  parts: Parts<'configuration'>,
  { credential, atResource }: ProofInput,
  places: CredentialPlaces,
): Promise<UsableCredentials | Problem> {
  const here = await readCredential('/credential', resolveCredential(parts, credential, places.atIdp))
  if (isProblem(here)) return here
  if (atResource === undefined) return { credential: here, atResource }
  const there = await readCredential('/atResource', resolveCredential(parts, atResource, places.atResource))
  return isProblem(there) ? there : { credential: here, atResource: there }
}

async function readCredential(
  path: string,
  credential: UsableCredential | undefined,
): Promise<UsableCredential | Problem> {
  if (credential === undefined)
    return invalidRequest([{ path, problem: 'is not in admin.proofCredentials of the configuration' }])
  const problem = await findCredentialProblem(credential)
  return problem === undefined ? credential : invalidRequest([{ path, problem }])
}
