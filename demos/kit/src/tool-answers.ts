// The results of demo tools, in the format of the Model Context Protocol.

/** The result as structured data, and as text for agents that read only text. */
export function answerTool<T extends Record<string, unknown>>(structuredContent: T) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }], structuredContent }
}

export function refuseTool(text: string) {
  return { content: [{ type: 'text' as const, text }], isError: true }
}
