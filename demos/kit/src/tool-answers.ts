// What a tool of a demo answers an agent, as the Model Context Protocol asks.

/** The answer as data, and as the same text for agents that read no data. */
export function answerTool<T extends Record<string, unknown>>(structuredContent: T) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }], structuredContent }
}

export function refuseTool(text: string) {
  return { content: [{ type: 'text' as const, text }], isError: true }
}
