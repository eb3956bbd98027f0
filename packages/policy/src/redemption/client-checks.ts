// Checks the form of a redemption request, and its client at this server.
import { GRANT_TYPE } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import { checkAuthentication, checkDpopProof, checkRate } from '../client-evidence.ts'
import type { RedemptionFacts } from '../redemption-facts.ts'
import { findClient, type RedemptionSnapshot } from '../redemption-snapshot.ts'

export function checkRequest(list: Checklist, { request }: RedemptionFacts): void {
  if (request.hasAssertion) list.pass('request.parameters')
  else list.fail('request.parameters', 'XAA2002', { expected: ['assertion'] })
}

export function checkClient(
  list: Checklist,
  { client, describedClient, dpop, request, retryAfterSeconds }: RedemptionFacts,
  snapshot: RedemptionSnapshot,
): boolean {
  if (!checkAuthentication(list, client)) return false
  const registered = findClient(snapshot, client.clientId, describedClient)
  const allowed =
    registered?.active === true &&
    (registered.grantTypes === undefined || registered.grantTypes.includes(request.grantType ?? ''))
  if (!allowed) list.fail('client.grant', 'XAA2102', { expected: 'an enabled client with this grant' })
  else if (client.method === 'none' && dpop.state === 'absent')
    list.fail('client.grant', 'XAA2102', { expected: 'a confidential client, or a DPoP proof' })
  else list.pass('client.grant')
  checkRate(list, retryAfterSeconds)
  checkDpopProof(list, dpop, { refused: 'XAA2219', nonceNeeded: 'XAA2220' })
  if (request.grantType === GRANT_TYPE.jwtDpop && dpop.state === 'absent')
    list.fail('dpop.required', 'XAA2215', { expected: 'a DPoP proof for this grant type' })
  return true
}
