// Short names of grant types for metric labels and log lines. Unknown grant types share one name, so that callers
// cannot add labels.
import { type DecisionRecord, GRANT_TYPE } from '@crosswalk/protocol'

export const GRANT_NAMES = [
  'authorization_code',
  'refresh_token',
  'token_exchange',
  'jwt_bearer',
  'jwt_dpop',
  'other',
] as const

export type GrantName = (typeof GRANT_NAMES)[number]

const NAMES: ReadonlyMap<string, GrantName> = new Map([
  [GRANT_TYPE.authorizationCode, 'authorization_code'],
  [GRANT_TYPE.refreshToken, 'refresh_token'],
  [GRANT_TYPE.tokenExchange, 'token_exchange'],
  [GRANT_TYPE.jwtBearer, 'jwt_bearer'],
  [GRANT_TYPE.jwtDpop, 'jwt_dpop'],
])

/** Records of token exchange derive the grant name from the stage. */
export function nameGrant({ stage, request }: Pick<DecisionRecord, 'stage' | 'request'>): GrantName {
  if (stage === 'idp.token_exchange') return 'token_exchange'
  return NAMES.get(request.grant_type ?? '') ?? 'other'
}
