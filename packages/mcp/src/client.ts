// MCP clients: every HTTP request of a connection carries the access token of the user who is signed in. The SDK's own
// OAuth is left out: access comes from the organisation, and a refusal never turns into a consent screen.
import type { AccessOptions, AgentSession } from '@crosswalk/client'
import { MCP_EMA_EXTENSION } from '@crosswalk/protocol'
import {
  type Client,
  type ClientCapabilities,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/client'

import { findRefusal } from './find-refusal.ts'

/** Options of the connection: those of the SDK that do not concern authorization, and what to ask for. */
export interface XaaTransportOptions extends AccessOptions {
  readonly transport?: Omit<
    StreamableHTTPClientTransportOptions,
    'authProvider' | 'fetch' | 'onInsufficientScope' | 'maxStepUpRetries' | 'skipIssuerMetadataValidation'
  >
}

/**
 * A streamable HTTP transport that is authorised for a user; refusals come out of the SDK's calls as `XaaError`.
 *
 * @param session - `agent.as(session)` of `@crosswalk/client`
 * @param url - of the MCP server, which is its resource identifier unless the options say otherwise
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
    // Scopes are widened inside `fetch`, once and within what the organisation gives.
    onInsufficientScope: 'throw',
  })
}

/** Client capabilities that announce Enterprise-Managed Authorization (RS-11), added to those given. */
export function withEnterpriseAuthorization(capabilities: ClientCapabilities = {}): ClientCapabilities {
  return { ...capabilities, extensions: { ...capabilities.extensions, [MCP_EMA_EXTENSION]: {} } }
}

/**
 * Announces Enterprise-Managed Authorization and connects: for a client that is not connected yet.
 *
 * @throws XaaError where access is refused; else what the SDK throws
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
