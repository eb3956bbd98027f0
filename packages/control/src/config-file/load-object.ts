// Reads a single object in the format of a list item in a configuration file: YAML or JSON, with variables. The server
// that stores it validates its content.
import { isObject, parsePointer } from '@crosswalk/protocol'
import { isMap } from 'yaml'

import { type Environment, expandVariables } from './expand.ts'
import { asIndex, type FileProblem } from './finding.ts'
import { parseSource } from './source.ts'

export interface LoadedObject {
  /** Undefined if there are problems */
  readonly object: Readonly<Record<string, unknown>> | undefined
  readonly problems: readonly FileProblem[]
  /** @returns the line of the value that a JSON Pointer refers to, or of its closest parent */
  lineOf(pointer: string): number
}

/** @param file - name of the text in problems */
export function loadObject(text: string, file: string, environment: Environment): LoadedObject {
  const source = parseSource(text)
  const lineOf = (pointer: string) => source.lineOf(parsePointer(pointer).map(asIndex))
  const tell = (line: number, what: string, fix: string): FileProblem => ({
    ...{ severity: 'error', file, line, what, fix },
  })
  const syntax = source.syntaxErrors.map(({ line, what, fix }) => tell(line, what, fix))
  if (!source.readable) return { object: undefined, problems: syntax, lineOf }
  const { contents } = source.document
  // Text that `show` printed comes from others, so `${NAME}` in it is no reference: it would reveal a variable of the reader.
  const onlySecrets = isMap(contents) && contents.has('revision')
  const missing = expandVariables(source.document, environment, { onlySecrets }).map(({ node, what, fix }) =>
    tell(source.lineAt(node.range?.[0] ?? 0), what, fix),
  )
  const value = source.document.toJS() as unknown
  const shape = isObject(value)
    ? []
    : [tell(1, `this is ${nameKind(value)}, not an object`, 'write its members as `name: value`')]
  const problems = [...syntax, ...missing, ...shape]
  return {
    object: problems.length > 0 ? undefined : (value as Readonly<Record<string, unknown>>),
    problems,
    lineOf,
  }
}

function nameKind(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}
