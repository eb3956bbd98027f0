// One object by itself, as it would stand in a list of a configuration file: YAML or JSON, with variables. What may be in
// it is for the server to judge that keeps it.
import { type Environment, expandVariables } from './expand.ts'
import type { Problem } from './finding.ts'
import { parseSource } from './source.ts'

export interface LoadedObject {
  /** Undefined where there are problems */
  readonly object: Readonly<Record<string, unknown>> | undefined
  readonly problems: readonly Problem[]
  /** @returns the line of what a JSON Pointer leads to, or of what should hold it */
  lineOf(pointer: string): number
}

/** @param file - what the text is called where a problem is told */
export function loadObject(text: string, file: string, environment: Environment): LoadedObject {
  const source = parseSource(text)
  const lineOf = (pointer: string) => source.lineOf(pointer.split('/').slice(1).map(readPart))
  const tell = (line: number, what: string, fix: string): Problem => ({
    ...{ severity: 'error', file, line, what, fix },
  })
  const syntax = source.syntaxErrors.map(({ line, what, fix }) => tell(line, what, fix))
  if (!source.readable) return { object: undefined, problems: syntax, lineOf }
  const missing = expandVariables(source.document, environment).map(({ node, what, fix }) =>
    tell(source.lineAt(node.range?.[0] ?? 0), what, fix),
  )
  const value = source.document.toJS() as unknown
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const shape = isObject
    ? []
    : [tell(1, 'this is no object', 'write its members, as an item of a list in a configuration file')]
  const problems = [...syntax, ...missing, ...shape]
  return {
    object: problems.length > 0 ? undefined : (value as Readonly<Record<string, unknown>>),
    problems,
    lineOf,
  }
}

function readPart(part: string): string | number {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^\d+$/.test(name) ? Number(name) : name
}
