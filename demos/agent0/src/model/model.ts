// What Agent0 wants of a language model, from any provider: one reply to a conversation, which may call tools. The
// dialects beside this file speak to servers; nothing here knows tokens, MCP or HTTP.

export interface Model {
  /** For the page: which model at which host */
  readonly title: string
  /** @throws ModelFailed when the server refuses, cannot be reached, takes too long, or makes no sense */
  reply(request: ModelRequest): Promise<ModelReply>
}

export interface ModelRequest {
  readonly system: string
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  /** Takes the text as it comes, piece by piece */
  readonly onText: (text: string) => void
}

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolUse[] }
  | { readonly role: 'tools'; readonly results: readonly ToolResult[] }

/** A tool as a model is told about it. */
export interface ToolSpec {
  /** Letters, digits, `_` and `-`, at most 64: what every server takes */
  readonly name: string
  readonly description: string
  /** JSON Schema of an object */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ToolUse {
  readonly id: string
  readonly name: string
  /** Undefined where the model sent something that is no JSON object */
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
  /** In the order of the model; none when it has said what it wanted */
  readonly calls: readonly ToolUse[]
}

/** Why there is no reply, in words that are fit for the page: never a key. */
export class ModelFailed extends Error {
  override readonly name = 'ModelFailed'
}

/** @returns the arguments, or undefined for what is no JSON object */
export function parseArguments(text: string): ToolUse['arguments'] {
  try {
    // A call without arguments arrives as nothing at all.
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
