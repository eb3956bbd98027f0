// The requests of a flow as drafts, which a deliberate fault may change before they are sent.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import type { HttpRequest } from '../http/guarded-sender.ts'
import { authenticate, type Flow, type Party } from './flow-parties.ts'

/** A token request before client authentication. */
export interface TokenDraft {
  readonly party: Party
  readonly params: Readonly<Record<string, string>>
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
      ...(resource === undefined ? {} : { resource }),
      ...(scope === undefined ? {} : { scope }),
    },
  }
}

export function draftRedemption({ as }: Flow, idJag: string): TokenDraft {
  return { party: as, params: { grant_type: GRANT_TYPE.jwtBearer, assertion: idJag } }
}

export async function buildTokenRequest({ party, params }: TokenDraft, nowMs: number): Promise<HttpRequest> {
  const credentials = await authenticate(party, nowMs)
  const form = new URLSearchParams({ ...params, ...credentials.params })
  return { method: 'POST', url: party.tokenEndpoint, headers: credentials.headers, form }
}

/** MCP servers respond only to POST; `initialize` reads and changes nothing. */
export const MCP_PROTOCOL_VERSION = '2025-06-18'
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: MCP_PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: 'crosswalk-cli', version: '0.1.0' },
  },
}

export const MCP_ACCEPT = 'application/json, text/event-stream'

export function isMcp(url: string): boolean {
  return /\/mcp\/?$/.test(new URL(url).pathname)
}

export function buildCall({ url, token }: CallDraft): HttpRequest {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(isMcp(url) ? { accept: MCP_ACCEPT } : {}),
  }
  return isMcp(url) ? { method: 'POST', url, headers, json: INITIALIZE } : { method: 'GET', url, headers }
}
