// Renders JSON values as YAML for the configuration file. Ambiguous strings are quoted like JSON, which is valid YAML.
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/
const NOT_TEXT = /^(true|false|null|yes|no|on|off|~)$/i

export function renderYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return renderList(value, indent)
  if (typeof value === 'object' && value !== null) return renderMap(value, indent)
  return `${indent}${renderScalar(value)}`
}

function renderMap(value: object, indent: string): string {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  if (entries.length === 0) return `${indent}{}`
  return entries
    .map(([name, inner]) => {
      const key = `${indent}${renderScalar(name)}:`
      return isBlock(inner) ? `${key}\n${renderYaml(inner, `${indent}  `)}` : `${key} ${renderInline(inner)}`
    })
    .join('\n')
}

function renderList(items: readonly unknown[], indent: string): string {
  if (items.length === 0) return `${indent}[]`
  return items
    .map((item) =>
      isBlock(item)
        ? `${indent}- ${renderYaml(item, `${indent}  `).trimStart()}`
        : `${indent}- ${renderInline(item)}`,
    )
    .join('\n')
}

function isBlock(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0
}

function renderInline(value: unknown): string {
  if (Array.isArray(value)) return '[]'
  return typeof value === 'object' && value !== null ? '{}' : renderScalar(value)
}

function renderScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null'
  return PLAIN.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value)
}
