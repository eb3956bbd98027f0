// What Agent0 needs from a language model of any provider: a reply to a conversation, which may call tools. The
// dialects in this folder talk to servers; this file is independent of tokens, MCP and HTTP.

export interface Model {
  /** For the page: the model and its host */
  readonly title: string
  /** @throws ModelFailed if the server reports an error, cannot be reached, takes too long, or sends nonsense */
  reply(request: ModelRequest): Promise<ModelReply>
}

export interface ModelRequest {
  readonly system: string
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  /** Called with the text as it arrives, piece by piece */
  readonly onText: (text: string) => void
}

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolUse[] }
  | { readonly role: 'tools'; readonly results: readonly ToolResult[] }

/** A tool as described to a model. */
export interface ToolSpec {
  /** Letters, digits, `_` and `-`, at most 64: every server accepts that */
  readonly name: string
  readonly description: string
  /** JSON Schema of an object */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ToolUse {
  readonly id: string
  readonly name: string
  /** Undefined if the model did not send a JSON object */
  readonly arguments: Readonly<Record<string, unknown>> | undefined
}

export interface ToolResult {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly failed: boolean
}

export interface ModelReply {
  readonly text: string
  /** In the order of the model; empty if it is done */
  readonly calls: readonly ToolUse[]
}

/** Why there is no reply, in words for the page; never contains a key. */
export class ModelFailed extends Error {
  override readonly name = 'ModelFailed'
}

/** @returns the arguments, or undefined if they are not a JSON object */
export function parseArguments(text: string): ToolUse['arguments'] {
  try {
    // A call without arguments arrives as an empty text.
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
