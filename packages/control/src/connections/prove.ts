// Proving connections: checks what an administrator asks for before anyone is sent to sign in.
import type { proofRoutes, ProofInput } from '@crosswalk/admin-api'

import { PROOF_COOKIE, PROOF_PATH, renderCookie } from '../http/cookies.ts'
import { findCredentialProblem } from './proofs/credential.ts'
import { RUN_SECONDS } from './proofs/proof-store.ts'
import type { Handlers } from '../http/context.ts'
import { findShown } from '../definitions/objects/read-objects.ts'
import type { AdminParts } from '../http/parts.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'

export function createProofHandlers(parts: AdminParts): Pick<Handlers, keyof typeof proofRoutes> {
  return {
    'connections.prove': createProveHandler(parts),
    async 'connections.proof'({ params: { id, proof } }, context) {
      const connection = findShown(parts, 'connections', id, context)
      if (isProblem(connection)) return connection
      const found = await parts.proofs?.find(proof)
      return found?.connection === id
        ? { status: 200, body: found }
        : buildProblem('not-found', { detail: 'There is no such proof; results are kept for an hour.' })
    },
  }
}

function createProveHandler(parts: AdminParts): Handlers['connections.prove'] {
  const { proofs, configuration, directory } = parts
  return async ({ params: { id }, body: input }, context) => {
    const connection = findShown(parts, 'connections', id, context)
    if (isProblem(connection)) return connection
    if (proofs === undefined) return conflict('This server runs no identity provider.')
    if (context.caller.session === undefined)
      return conflict(
        `A user has to sign in: begin in the console, or run \`crosswalk connection prove ${id}\` in a command line.`,
      )
    const { world } = directory.current()
    const app = world.apps.get(connection.app)?.definition
    if (app?.redirectUris.length === 0)
      return conflict(`No one signs in to ${app.id}: it has no redirect URI. Prove it where its tokens are.`)
    const resourceApp = world['resource-apps'].get(connection.resourceApp)?.definition
    const resource = input.resource ?? connection.resources[0]
    if (resourceApp === undefined || resource === undefined)
      return conflict(`Connection ${id} names no resource: nothing could be reached over it.`)
    const problem = await checkCredentials(input)
    if (problem !== undefined) return problem
    const { proof, url, browser } = await proofs.begin({ connection, resourceApp, input, resource }, context)
    const secure = configuration.baseUrl.startsWith('https:')
    const cookie = { secure, sameSite: 'Lax', maxAgeSeconds: RUN_SECONDS * 2, path: PROOF_PATH } as const
    return {
      status: 200,
      headers: { 'set-cookie': renderCookie(PROOF_COOKIE, browser, cookie) },
      body: { id: proof.id, url, expiresAt: proof.expiresAt },
    }
  }
}

function conflict(detail: string): Problem {
  return buildProblem('conflict', { detail })
}

async function checkCredentials({ credential, atResource }: ProofInput): Promise<Problem | undefined> {
  const problem = await findCredentialProblem(credential)
  if (problem !== undefined) return invalidRequest([{ path: '/credential', problem }])
  const there = atResource === undefined ? undefined : await findCredentialProblem(atResource)
  return there === undefined ? undefined : invalidRequest([{ path: '/atResource', problem: there }])
}
