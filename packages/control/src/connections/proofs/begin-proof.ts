// Begins a proof: turns the request into a run, which is recorded before anyone is sent to sign in.
import type { Proof, ProofInput } from '@crosswalk/admin-api'
import { newId } from '@crosswalk/as-core'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { AdminContext } from '../../http/context.ts'
import type { UsableCredential } from './credential.ts'
import { generateSecrets, sendToSignIn, nameBrowser } from './send-to-sign-in.ts'
import { fromNow, type ProofContext, recordProof } from './proof-context.ts'
import { type ProofRun, RUN_SECONDS } from './proof-store.ts'

export interface ProofSetup {
  readonly connection: ConnectionDefinition
  readonly resourceApp: ResourceAppDefinition
  readonly input: Omit<ProofInput, 'credential' | 'atResource'> & {
    readonly credential: UsableCredential
    readonly atResource?: UsableCredential | undefined
  }
  readonly resource: string
}

export interface BegunProof {
  readonly proof: Proof
  /** Where to send the browser */
  readonly url: string
  /** Cookie value that identifies the browser when it returns */
  readonly browser: string
}

export async function beginProof(
  wanted: ProofSetup,
  context: AdminContext,
  parts: ProofContext,
): Promise<BegunProof> {
  const proof: Proof = {
    id: newId('prf'),
    connection: wanted.connection.id,
    state: 'waiting',
    by: context.caller.id,
    startedAt: fromNow(parts, 0),
    expiresAt: fromNow(parts, RUN_SECONDS),
    steppedUp: false,
    legs: [],
  }
  const run = buildRun(proof, wanted, context)
  await recordProof(parts, context, run, 'proof_started', {
    proof: run.proof,
    resource: run.resource,
    scope: run.scope,
    redeems: run.atResource !== undefined,
  })
  await parts.store.save(proof)
  const url = await sendToSignIn(run, {}, parts)
  return { proof, url, browser: nameBrowser(parts, context.caller.session ?? '') }
}

function buildRun(
  { id }: Proof,
  { connection, resourceApp, input, resource }: ProofSetup,
  { caller }: AdminContext,
): ProofRun {
  const { app, clientId = app, scopes, conditions } = connection
  const { credential, atResource, scope = scopes, call } = input
  return {
    proof: id,
    connection: connection.id,
    app,
    clientIdThere: clientId,
    audience: resourceApp.issuer,
    resource,
    scope,
    dpop: conditions?.dpop === 'required',
    call,
    credential,
    atResource,
    caller,
    ...generateSecrets(),
    steppedUp: false,
  }
}
