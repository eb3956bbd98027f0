// MCP clients: every HTTP request of a connection has the access token of the signed-in user. The SDK's own OAuth is
// not used: access comes from the organisation, and a refusal never leads to a consent screen.
import type { AccessOptions, AgentSession } from '@crosswalk/client'
import { MCP_EMA_EXTENSION } from '@crosswalk/protocol'
import {
  type Client,
  type ClientCapabilities,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/client'

import { findRefusal } from './find-refusal.ts'

/** Options of the connection: those of the SDK that do not concern authorization, and the access to request. */
export interface XaaTransportOptions extends AccessOptions {
  readonly transport?: Omit<
    StreamableHTTPClientTransportOptions,
    'authProvider' | 'fetch' | 'onInsufficientScope' | 'maxStepUpRetries' | 'skipIssuerMetadataValidation'
  >
}

/**
 * A streamable HTTP transport that is authorized for a user; the SDK's calls throw refusals as `XaaError`.
 *
 * @param session - `agent.as(session)` of `@crosswalk/client`
 * @param url - of the MCP server, which is its resource identifier unless the options state another
 */
export function xaaTransport(
  session: AgentSession,
  url: string,
  options: XaaTransportOptions = {},
): StreamableHTTPClientTransport {
  const { transport = {}, ...access } = options
  const target = session.at(url, access)
  return new StreamableHTTPClientTransport(new URL(url), {
    ...transport,
    fetch: (input, init) => target.fetch(input, init),
    // `fetch` widens scopes itself, once and within what the organisation grants.
    onInsufficientScope: 'throw',
  })
}

/** Client capabilities that announce Enterprise-Managed Authorization (RS-11), added to the given ones. */
export function withEnterpriseAuthorization(capabilities: ClientCapabilities = {}): ClientCapabilities {
  return { ...capabilities, extensions: { ...capabilities.extensions, [MCP_EMA_EXTENSION]: {} } }
}

/**
 * Announces Enterprise-Managed Authorization and connects a client that is not connected yet.
 *
 * @throws XaaError if access is refused, or an error of the SDK
 */
export async function connectXaa(
  client: Client,
  session: AgentSession,
  url: string,
  options: XaaTransportOptions = {},
): Promise<void> {
  client.registerCapabilities(withEnterpriseAuthorization())
  try {
    await client.connect(xaaTransport(session, url, options))
  } catch (error) {
    throw findRefusal(error) ?? error
  }
}
