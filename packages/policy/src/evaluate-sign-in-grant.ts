// The record of a token request that the sign-in provider answered: authorization code and refresh token. The provider
// decides; this only says, in the same shape, what came out.
import type { DecisionFrame, DecisionRecord } from '@crosswalk/protocol'

import { createChecklist } from './checklist.ts'
import { assembleRecord } from './record.ts'

export interface SignInGrantFacts extends DecisionFrame {
  readonly grantType: string
  /** As named in the request; proved only where the answer is a success */
  readonly clientId: string | undefined
  readonly http: number
  readonly error?: string | undefined
  readonly revision: number
}

export function recordSignInGrant(facts: SignInGrantFacts): DecisionRecord {
  const list = createChecklist()
  const { grantType, clientId, http, error } = facts
  if (http === 200) list.pass('sign_in.grant', { actual: grantType })
  else list.fail('sign_in.grant', error === 'invalid_client' ? 'XAA1101' : 'XAA1009', { actual: error })
  const record = assembleRecord({
    frame: facts,
    stage: 'idp.token',
    list,
    request: {
      grant_type: grantType,
      requesting_app: clientId === undefined ? null : { id: clientId, client_id: clientId },
      subject: null,
      resource: [],
      scope: [],
      context: {},
    },
    resolution: { candidates: [] },
    granted: null,
    names: { app: clientId ?? 'An unknown app', target: 'sign-in', user: 'the user' },
    snapshot: { revision: facts.revision },
  })
  return error === undefined ? record : { ...record, wire: { http, error } }
}
