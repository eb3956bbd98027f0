// Attributes of a user as text, one a line: `department = sales`. What reads as a number, or as true or
// false, is one; everything else is text.

export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface ParsedAttributes {
  readonly attributes: Attributes
  /** The first line that names nothing */
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

/** Text in quotation marks stays text, whatever it reads as. */
function readValue(value: string): string | number | boolean {
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean') return parsed
  } catch {
    // Plain words.
  }
  return value
}
