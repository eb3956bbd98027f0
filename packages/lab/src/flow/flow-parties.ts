// Who takes part in a flow: found by their metadata, which must name the very issuer that was asked for. Credentials are
// kept with the issuer they belong to, and go to its token endpoint only.
import { type Clock, isLoopbackHost } from '@crosswalk/as-core'
import type { ClientAuth } from '@crosswalk/client'
import { isServerUrl } from '@crosswalk/protocol'

import { LabError } from '../lab-error.ts'
import { gatherServer, listTexts, type Role, type ServerEvidence } from '../doctor/evidence.ts'
import { describeExchange } from '../doctor/server-checks.ts'
import type { GuardedSender } from '../http/guarded-sender.ts'
import type { FaultMeans } from './fault-means.ts'

export interface Registration {
  readonly issuer: string
  /** Of a server without metadata: where its tokens are asked for */
  readonly tokenEndpoint?: string
  readonly clientId: string
  readonly auth: ClientAuth
}

export interface Party extends Registration {
  readonly evidence: ServerEvidence
  readonly tokenEndpoint: string
}

export interface Flow extends Clock {
  readonly sender: GuardedSender
  readonly idp: Party
  readonly as: Party
  readonly resource: string | undefined
  readonly scope: string | undefined
  /** URL that is called with the access token; nothing is called without one */
  readonly call: string | undefined
  /** What faults may use besides */
  readonly means?: FaultMeans
}

/** @throws LabError where no usable metadata of this very issuer is found */
export async function findParty(
  { sender, nowMs }: Pick<Flow, 'sender' | 'nowMs'>,
  role: Role,
  registration: Registration,
): Promise<Party> {
  return admitParty(
    registration,
    await gatherServer(sender, { issuer: registration.issuer, role, nowMs: nowMs() }),
  )
}

/** @throws LabError where the evidence has no usable metadata of this very issuer, and no token endpoint was named */
export function admitParty(registration: Registration, evidence: ServerEvidence): Party {
  const { issuer, tokenEndpoint: named } = registration
  if (named !== undefined) return { ...registration, evidence, tokenEndpoint: named }
  const { metadata, tried, role } = evidence
  const fix = `see \`crosswalk doctor --${role} ${issuer}\``
  if (metadata === undefined)
    throw new LabError('network', `${issuer} has no metadata: ${tried.map(describeExchange).join('; ')}`, fix)
  // A server with the metadata of another issuer must not get the credentials for this one.
  if (metadata.issuer !== issuer)
    throw new LabError('negative', `the metadata names ${String(metadata.issuer)} and not ${issuer}`, fix)
  const endpoint = metadata.token_endpoint
  if (typeof endpoint !== 'string' || !isServerUrl(endpoint))
    throw new LabError('negative', `${issuer} names no token endpoint that may be used`, fix)
  return { ...registration, evidence, tokenEndpoint: endpoint }
}

/** @returns headers and parameters that prove who the client is at its party */
export function authenticate(party: Party, nowMs: number): ReturnType<ClientAuth['build']> {
  const methods = listTexts(party.evidence.metadata?.token_endpoint_auth_methods_supported)
  return party.auth.build({
    clientId: party.clientId,
    issuer: party.issuer,
    tokenEndpoint: party.tokenEndpoint,
    nowSeconds: Math.floor(nowMs / 1000),
    ...(methods === undefined ? {} : { methods }),
  })
}

/** @returns those that are not on this machine */
export function listForeign(urls: readonly string[]): readonly string[] {
  return urls.filter((url) => !URL.canParse(url) || !isLoopbackHost(new URL(url).hostname))
}
