// User attributes as text, one per line: `department = sales`. Numbers and booleans are recognised; everything else is a string.

export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface ParsedAttributes {
  readonly attributes: Attributes
  /** The first line without a name */
  readonly bad?: string
}

export function renderAttributeLines(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(
      ([name, value]) =>
        `${name} = ${typeof value === 'string' && readValue(value) !== value ? JSON.stringify(value) : value}`,
    )
    .join('\n')
}

export function parseAttributeLines(text: string): ParsedAttributes {
  const attributes = new Map<string, string | number | boolean>()
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const [, name, value] = /^([^\s=]+)\s*=\s*(.+)$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      return { attributes: Object.fromEntries(attributes), bad: line }
    attributes.set(name, readValue(value))
  }
  return { attributes: Object.fromEntries(attributes) }
}

/** Quoted text is always a string. */
function readValue(value: string): string | number | boolean {
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean') return parsed
  } catch {
    // Plain words.
  }
  return value
}
