// Asks a token endpoint whether it knows a client, by requests that cannot succeed because their tokens are invalid.
import { dropUndefined, GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import type { ClientEvidence } from '../doctor/client-checks.ts'
import { listTexts, type ServerEvidence } from '../doctor/evidence.ts'
import { buildTokenRequest } from './drafts.ts'
import { type Flow, type Registration, resolveParty } from './flow-parties.ts'

const UNKNOWN_CLIENT = 'crosswalk-doctor-unknown-client'
const NO_TOKEN = 'not-a-token'
const PARAMS = {
  idp: {
    grant_type: GRANT_TYPE.tokenExchange,
    requested_token_type: TOKEN_TYPE.idJag,
    subject_token: NO_TOKEN,
    subject_token_type: TOKEN_TYPE.idToken,
  },
  as: { grant_type: GRANT_TYPE.jwtBearer, assertion: NO_TOKEN },
} as const

export interface ProbedClient {
  readonly registration: Registration
  readonly server: ServerEvidence
  /** The issuer of the authorization server, for the exchange */
  readonly audience?: string
  /** The client id of the app at the other server */
  readonly otherClientId?: string
}

/** @throws LabError if the server has no usable metadata */
export async function probeClient(
  { sender, nowMs }: Pick<Flow, 'sender' | 'nowMs'>,
  { registration, server, audience, otherClientId }: ProbedClient,
): Promise<ClientEvidence> {
  const party = resolveParty(registration, server)
  const { role } = server
  const params = { ...PARAMS[role], ...(audience === undefined || role === 'as' ? {} : { audience }) }
  const send = async (change: Partial<Registration>) =>
    sender.send(await buildTokenRequest({ party: { ...party, ...change }, params }, nowMs()))
  const control = await send({ clientId: UNKNOWN_CLIENT })
  const answer = await send({})
  // Client assertions are addressed to the issuer of their party.
  const isAssertion = party.auth.kind === 'private_key_jwt'
  const forEndpoint = isAssertion ? await send({ issuer: party.tokenEndpoint }) : undefined
  const methods = listTexts(server.metadata?.token_endpoint_auth_methods_supported)
  return {
    role,
    issuer: party.issuer,
    tokenEndpoint: party.tokenEndpoint,
    clientId: party.clientId,
    method: party.auth.kind,
    answer,
    control,
    ...dropUndefined({ methods, otherClientId, forEndpoint }),
  }
}
