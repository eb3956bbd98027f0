// The parties of a flow: found by their metadata, which must name exactly the requested issuer. Credentials stay with
// their issuer, and are sent to its token endpoint only.
import { type Clock, isLoopbackHost } from '@crosswalk/as-core'
import type { ClientAuth } from '@crosswalk/client'
import { describeValue, isServerUrl } from '@crosswalk/protocol'

import { LabError } from '../lab-error.ts'
import { gatherServer, listTexts, type IssuerRole, type ServerEvidence } from '../doctor/evidence.ts'
import { describeExchange } from '../doctor/describe-exchange.ts'
import type { GuardedSender } from '../http/guarded-sender.ts'
import type { FaultRequirements } from './fault-requirements.ts'

export interface Registration {
  readonly issuer: string
  /** Token endpoint of a server without metadata */
  readonly tokenEndpoint?: string
  readonly clientId: string
  readonly auth: ClientAuth
  /** Also sends the scope at redemption; default: to products that grant only default scopes without it */
  readonly sendScope?: boolean | undefined
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
  /** URL to call with the access token; undefined: no call */
  readonly call: string | undefined
  readonly means?: FaultRequirements
}

/** @throws LabError if no usable metadata of this issuer is found */
export async function findParty(
  { sender, nowMs }: Pick<Flow, 'sender' | 'nowMs'>,
  role: IssuerRole,
  registration: Registration,
): Promise<Party> {
  return resolveParty(
    registration,
    await gatherServer(sender, { issuer: registration.issuer, role, nowMs: nowMs() }),
  )
}

/** @throws LabError if the evidence has no usable metadata of this issuer, and no token endpoint was named */
export function resolveParty(registration: Registration, evidence: ServerEvidence): Party {
  const { issuer, tokenEndpoint: named } = registration
  if (named !== undefined) return { ...registration, evidence, tokenEndpoint: named }
  const { metadata, tried, role } = evidence
  const fix = `see \`npx crosswalk doctor --${role} ${issuer}\``
  if (metadata === undefined)
    throw new LabError('network', `${issuer} has no metadata: ${tried.map(describeExchange).join('; ')}`, fix)
  // A server with the metadata of another issuer must not get the credentials for this one.
  if (metadata.issuer !== issuer)
    throw new LabError(
      'negative',
      `the metadata names ${describeValue(metadata.issuer)} and not ${issuer}`,
      fix,
    )
  const endpoint = metadata.token_endpoint
  if (typeof endpoint !== 'string' || !isServerUrl(endpoint))
    throw new LabError('negative', `${issuer} names no token endpoint that may be used`, fix)
  return { ...registration, evidence, tokenEndpoint: endpoint }
}

/** @returns headers and parameters that authenticate the client at its party */
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

export function listRemote(urls: readonly string[]): readonly string[] {
  return urls.filter((url) => !URL.canParse(url) || !isLoopbackHost(new URL(url).hostname))
}
