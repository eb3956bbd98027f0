// Short names of grant types, for labels and log lines: whatever else a caller sends is one word, so that none can grow them.
import { type DecisionRecord, GRANT_TYPE } from '@crosswalk/protocol'

const NAMES: ReadonlyMap<string, string> = new Map([
  [GRANT_TYPE.authorizationCode, 'authorization_code'],
  [GRANT_TYPE.refreshToken, 'refresh_token'],
  [GRANT_TYPE.jwtBearer, 'jwt_bearer'],
  [GRANT_TYPE.jwtDpop, 'jwt_dpop'],
])

/** Records of token exchange name their grant by the stage. */
export function nameGrant({ stage, request }: Pick<DecisionRecord, 'stage' | 'request'>): string {
  if (stage === 'idp.token_exchange') return 'token_exchange'
  return NAMES.get(request.grant_type ?? '') ?? 'other'
}
