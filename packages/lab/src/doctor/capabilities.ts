// The capabilities that Cross App Access needs, as a table of metadata members. A missing member counts as no.
import type { Clock } from '@crosswalk/as-core'
import { describeValue, GRANT_TYPE, ID_JAG_PROFILE, TOKEN_TYPE } from '@crosswalk/protocol'

import { createGuardedSender } from '../http/guarded-sender.ts'
import { LabError } from '../lab-error.ts'
import { gatherServer, type Json, listTexts } from './evidence.ts'
import { findNetworkProblem } from './network-checks.ts'

export interface Capability {
  readonly id: string
  readonly name: string
  readonly supported: boolean
  /** The metadata behind it */
  readonly evidence: string
}

export interface Capabilities {
  readonly issuer: string
  readonly url: string
  readonly capabilities: readonly Capability[]
}

interface Row {
  readonly id: string
  readonly name: string
  readonly member: string
  /** A value in the list; absent: any value */
  readonly value?: string
}

const ROWS: readonly Row[] = [
  { id: 'sign-in', name: 'sign-in', member: 'response_types_supported', value: 'code' },
  { id: 'par', name: 'pushed authorization requests', member: 'pushed_authorization_request_endpoint' },
  {
    id: 'token-exchange',
    name: 'token exchange',
    member: 'grant_types_supported',
    value: GRANT_TYPE.tokenExchange,
  },
  {
    id: 'issues-id-jag',
    name: 'issues ID-JAGs',
    member: 'identity_chaining_requested_token_types_supported',
    value: TOKEN_TYPE.idJag,
  },
  {
    id: 'redeems',
    name: 'accepts assertions (jwt-bearer)',
    member: 'grant_types_supported',
    value: GRANT_TYPE.jwtBearer,
  },
  {
    id: 'redeems-id-jag',
    name: 'accepts ID-JAGs',
    member: 'authorization_grant_profiles_supported',
    value: ID_JAG_PROFILE,
  },
  {
    id: 'bound-grants',
    name: 'bound grants (jwt-dpop)',
    member: 'grant_types_supported',
    value: GRANT_TYPE.jwtDpop,
  },
  { id: 'dpop', name: 'DPoP', member: 'dpop_signing_alg_values_supported' },
  {
    id: 'private-key-jwt',
    name: 'clients with keys (private_key_jwt)',
    member: 'token_endpoint_auth_methods_supported',
    value: 'private_key_jwt',
  },
  { id: 'introspection', name: 'introspection', member: 'introspection_endpoint' },
  { id: 'revocation', name: 'revocation', member: 'revocation_endpoint' },
  {
    id: 'global-revocation',
    name: 'global token revocation',
    member: 'global_token_revocation_endpoint',
  },
  {
    id: 'client-metadata',
    name: 'clients described by documents',
    member: 'client_id_metadata_document_supported',
  },
]

/**
 * @returns undefined if the issuer has no metadata
 * @throws LabError if it is not a URL, or cannot be reached
 */
export async function readCapabilities(clock: Clock, issuer: string): Promise<Capabilities | undefined> {
  const sender = createGuardedSender(clock, { named: [issuer] })
  try {
    const question = { issuer, role: 'idp', nowMs: clock.nowMs() } as const
    const { tried, found, metadata } = await gatherServer(sender, question)
    if (tried.length === 0)
      throw new LabError(
        'usage',
        `${issuer} is not a URL`,
        'write the complete URL, such as https://idp.example.com',
      )
    const [unreached] = tried.flatMap((one) => findNetworkProblem(one) ?? [])
    if (unreached !== undefined) throw new LabError('network', unreached.what, unreached.fix)
    if (found === undefined || metadata === undefined) return undefined
    return { issuer, url: found.request.url, capabilities: ROWS.map((row) => judge(row, metadata)) }
  } finally {
    await sender.close()
  }
}

function judge({ id, name, member, value }: Row, metadata: Json): Capability {
  const stated = metadata[member]
  const list = listTexts(stated)
  const supported =
    value === undefined ? stated !== undefined && stated !== false : list?.includes(value) === true
  const evidence = value === undefined && supported ? (list?.join(' ') ?? describeValue(stated)) : ''
  return { id, name, supported, evidence }
}
