// Environment variables in configuration values: `${NAME}`, `${NAME:-default}`, `$${` for a literal `${`. NAME_FILE may
// name a file that holds the value. Keys are never expanded, and expanded text is not expanded again.
import { readVariable } from '@crosswalk/as-core'
import { isPair, isScalar, visit, type Document, type Node } from 'yaml'

import { isSecretKey } from './secrets.ts'

export interface VariableProblem {
  /** The value that contains it, which keeps the reference unchanged */
  readonly node: Node
  readonly what: string
  readonly fix: string
  /** Whether the variable is merely unset, so that the server may already have the secret */
  readonly isUnset: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g
/** Variables within a value that is otherwise not secret, such as the URL of a database */
const SECRET_NAME = /PASSWORD|SECRET|TOKEN/i
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

interface ExpandOptions {
  /** Where else variables may be set, for messages */
  readonly environmentFile?: string
  /** Only secrets are references; `${` in any other value is its text */
  readonly onlySecrets?: boolean
}

/**
 * Replaces the references in every value of the document, in place.
 * @returns the variables that are unset or unreadable, and malformed references
 */
export function expandVariables(
  document: Document,
  environment: Environment,
  { environmentFile, onlySecrets = false }: ExpandOptions = {},
): readonly VariableProblem[] {
  const missing: VariableProblem[] = []
  visit(document, {
    Scalar(position, node, ancestors) {
      if (position === 'key' || !isScalar(node) || typeof node.value !== 'string') return
      const pair = ancestors.at(-1)
      const isSecret = isPair(pair) && isScalar(pair.key) && isSecretKey(String(pair.key.value))
      if (onlySecrets && !isSecret) return
      const suggest = (name: string) =>
        suggestSetting(name, isSecret || SECRET_NAME.test(name), environmentFile)
      const expanded = expandText(node.value, environment, suggest)
      node.value = expanded.text
      missing.push(...expanded.missing.map((problem) => ({ node, ...problem })))
    },
  })
  return missing
}

/** Does not suggest a default for secrets: it would put the secret into the configuration file. */
function suggestSetting(name: string, isSecret: boolean, environmentFile: string | undefined): string {
  const where = environmentFile === undefined ? '' : ` or in ${environmentFile}`
  const setting = `set ${name} in the environment${where}`
  return isSecret
    ? `${setting}, or ${name}_FILE to a file that holds it`
    : `${setting}, or give a default: \${${name}:-…}`
}

function expandText(text: string, environment: Environment, suggest: (name: string) => string) {
  const missing: Omit<VariableProblem, 'node'>[] = []
  const expanded = text.replace(REFERENCE, (reference: string, inside: string | undefined) => {
    if (inside === undefined) return '${'
    const [, name, fallback] = (reference.endsWith('}') && NAME_AND_DEFAULT.exec(inside)) || []
    if (name === undefined) {
      missing.push({
        what: 'a `${` that begins no variable reference',
        fix: 'write ${NAME} or ${NAME:-default}, or $${ for a plain ${',
        isUnset: false,
      })
      return reference
    }
    const read = readVariable(environment, name)
    if (!read.accepted) {
      missing.push({ ...read.refusal, isUnset: false })
      return reference
    }
    // As in a shell, a default also replaces an empty variable.
    const value = fallback === undefined ? read.value : read.value || fallback
    if (value === undefined) {
      missing.push({
        what: `the environment variable ${name} is not set`,
        fix: suggest(name),
        isUnset: true,
      })
    }
    return value ?? reference
  })
  return { text: expanded, missing }
}

/** The inverse: keeps text that looks like a variable reference literal when the document is read. */
export function escapeReferences<T>(value: T): T
export function escapeReferences(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${')
  if (Array.isArray(value)) return value.map((item: unknown) => escapeReferences(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escapeReferences(member)]))
}
