// The requests of a flow as drafts, which a deliberate fault may change before they are sent.
import { dropUndefined, GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { needsScope } from '@crosswalk/protocol/vendors'

import type { HttpRequest } from '../http/guarded-sender.ts'
import { buildInitialize, isMcp } from '../http/mcp-client.ts'
import { authenticate, type Flow, type Party } from './flow-parties.ts'

/** A token request before client authentication. */
export interface TokenDraft {
  readonly party: Party
  readonly params: Readonly<Record<string, string>>
  /** Sent in addition, also if `params` has them */
  readonly again?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface CallDraft {
  readonly url: string
  readonly token: string | undefined
}

export function draftExchange({ idp, as, resource, scope }: Flow, idToken: string): TokenDraft {
  return {
    party: idp,
    params: {
      grant_type: GRANT_TYPE.tokenExchange,
      requested_token_type: TOKEN_TYPE.idJag,
      subject_token: idToken,
      subject_token_type: TOKEN_TYPE.idToken,
      audience: as.issuer,
      ...dropUndefined({ resource, scope }),
    },
  }
}

export function draftRedemption({ as, scope }: Flow, idJag: string): TokenDraft {
  const { issuer, sendScope = needsScope(issuer) } = as
  const requested = sendScope && scope !== undefined ? { scope } : {}
  return { party: as, params: { grant_type: GRANT_TYPE.jwtBearer, assertion: idJag, ...requested } }
}

export async function buildTokenRequest(
  { party, params, again = {}, headers }: TokenDraft,
  nowMs: number,
): Promise<HttpRequest> {
  const credentials = await authenticate(party, nowMs)
  const form = new URLSearchParams({ ...params, ...credentials.params })
  for (const [name, value] of Object.entries(again)) form.append(name, value)
  return { method: 'POST', url: party.tokenEndpoint, headers: { ...headers, ...credentials.headers }, form }
}

/** MCP servers respond only to POST. */
export function buildCall({ url, token }: CallDraft): HttpRequest {
  if (isMcp(url)) return buildInitialize({ url, ...(token === undefined ? {} : { token }) })
  return { method: 'GET', url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }
}
