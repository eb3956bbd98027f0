// Which scopes the tools of an MCP server need. A tool that nobody gave a scope to is not called at all.
import { isObject } from '@crosswalk/protocol'

/** Scopes by tool name: a text, several, or an empty list for a tool that any valid token may call. */
export type ToolScopes = Readonly<Record<string, string | readonly string[]>>

/** What the messages of one request need. */
export interface NeededScopes {
  readonly scopes: readonly string[]
  /** Tools called that have no entry */
  readonly unknownTools: readonly string[]
}

/** @param body - parsed JSON-RPC message, or a batch of them */
export function findNeededScopes(body: unknown, tools: ToolScopes): NeededScopes {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
  const names = [...new Set(messages.flatMap(findToolName))]
  const known = names.filter((name) => Object.hasOwn(tools, name))
  return {
    scopes: [...new Set(known.flatMap((name) => tools[name] ?? []))],
    unknownTools: names.filter((name) => !known.includes(name)),
  }
}

function findToolName(message: unknown): readonly string[] {
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return []
  // A name that is no text is refused by the SDK; here it must not pass for a tool that is open.
  return [String(message.params.name)]
}
