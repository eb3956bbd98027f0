// Environment variables in the values of a configuration file: `${NAME}`, `${NAME:-default}`, `$${` for a plain `${`.
// Keys are never expanded, and what was expanded stays text.
import { isScalar, visit, type Document, type Node } from 'yaml'

export interface VariableProblem {
  /** The value it stands in, which keeps the reference as it was written */
  readonly node: Node
  readonly what: string
  readonly fix: string
}

export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

/**
 * Replaces the references in every value of the document, in place.
 * @returns the variables that are not set, and what looks like a reference but is none
 */
export function expandVariables(document: Document, environment: Environment): readonly VariableProblem[] {
  const missing: VariableProblem[] = []
  visit(document, {
    Scalar(position, node) {
      if (position === 'key' || !isScalar(node) || typeof node.value !== 'string') return
      const expanded = expandText(node.value, environment)
      node.value = expanded.text
      missing.push(...expanded.missing.map((problem) => ({ node, ...problem })))
    },
  })
  return missing
}

function expandText(text: string, environment: Environment) {
  const missing: Omit<VariableProblem, 'node'>[] = []
  const expanded = text.replace(REFERENCE, (reference: string, inside: string | undefined) => {
    if (inside === undefined) return '${'
    const [, name, fallback] = (reference.endsWith('}') && NAME_AND_DEFAULT.exec(inside)) || []
    if (name === undefined) {
      missing.push({
        what: 'a `${` that begins no variable reference',
        fix: 'write ${NAME} or ${NAME:-default}, or $${ for a plain ${',
      })
      return reference
    }
    // As in a shell, a default also stands in for an empty variable.
    const value = fallback === undefined ? environment[name] : environment[name] || fallback
    if (value === undefined) {
      missing.push({
        what: `the environment variable ${name} is not set`,
        fix: `set ${name}, or give a default: \${${name}:-…}`,
      })
    }
    return value ?? reference
  })
  return { text: expanded, missing }
}
