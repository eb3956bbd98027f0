// Reads files into one document of objects for a running server: replaces variable references and records lines. The
// server validates shapes and relations.
import { isObject, parsePointer } from '@crosswalk/protocol'
import { isPair, isScalar, visit } from 'yaml'

import { type Environment, expandVariables } from './expand.ts'
import { asIndex, type FileProblem } from './finding.ts'
import { readText } from './read-text.ts'
import { isSecretKey } from './secrets.ts'
import { parseSource, type Source } from './source.ts'

/** A file by its path, or a text that was already read, with its name in problems. */
export type DocumentSource = string | { readonly name: string; readonly text: string }

export interface LoadedDocument {
  /** The sections of all files, concatenated; undefined if there are problems */
  readonly document: Readonly<Record<string, unknown>> | undefined
  readonly problems: readonly FileProblem[]
  /** @returns the file and line for a JSON Pointer into the document; undefined if it is in no file */
  locate(pointer: string): { readonly file: string; readonly line: number } | undefined
}

/** A secret whose variable is not set stays a reference: the server then keeps its current secret. */
export function loadDocument(sources: readonly DocumentSource[], environment: Environment): LoadedDocument {
  const problems: FileProblem[] = []
  const parts = sources.flatMap((source) => {
    const part = loadPart(source, environment, problems)
    return part === undefined ? [] : [part]
  })
  const lists = new Map<string, Place[]>()
  const document: Record<string, unknown> = {}
  for (const part of parts) mergeInto(document, part.value, [], { part, lists })
  return {
    document: problems.length > 0 ? undefined : document,
    problems,
    locate(pointer) {
      const path = parsePointer(pointer)
      const at = path.findIndex((_, index) => lists.has(path.slice(0, index).join('/')))
      const place = at < 0 ? undefined : lists.get(path.slice(0, at).join('/'))?.[Number(path[at])]
      if (place === undefined) {
        const part = parts.find(({ source }) => source.nodeAt(path) !== undefined)
        return part && { file: part.file, line: part.source.lineOf(path) }
      }
      const { part, index } = place
      return {
        file: part.file,
        line: part.source.lineOf([...path.slice(0, at), index, ...path.slice(at + 1).map(asIndex)]),
      }
    },
  }
}

interface Part {
  readonly file: string
  readonly source: Source
  readonly value: Readonly<Record<string, unknown>>
}

/** The file and index of an item of the merged list. */
interface Place {
  readonly part: Part
  readonly index: number
}

function loadPart(from: DocumentSource, environment: Environment, problems: FileProblem[]): Part | undefined {
  const isFile = typeof from === 'string'
  const file = isFile ? from : from.name
  const read = isFile ? readText(file, 'name a file that exists') : from
  if ('problem' in read) {
    problems.push(read.problem)
    return undefined
  }
  const source = parseSource(read.text)
  problems.push(...source.syntaxErrors.map((error) => ({ severity: 'error' as const, file, ...error })))
  if (!source.readable) return undefined
  const secrets = new Set<unknown>()
  visit(source.document, {
    Pair(_, pair) {
      if (isPair(pair) && isScalar(pair.key) && isSecretKey(String(pair.key.value))) secrets.add(pair.value)
    },
  })
  for (const { node, what, fix, isUnset } of expandVariables(source.document, environment))
    if (!isUnset || !secrets.has(node))
      problems.push({ severity: 'error', file, line: source.lineAt(node.range?.[0] ?? 0), what, fix })
  const value = (source.document.toJS() ?? {}) as unknown
  if (typeof value === 'object' && !Array.isArray(value))
    return { file, source, value: value as Part['value'] }
  const fix = 'write `idp:` or `authorizationServers:` with lists of objects'
  problems.push({ severity: 'error', file, line: 1, what: 'this is not a configuration document', fix })
  return undefined
}

interface Merging {
  readonly part: Part
  readonly lists: Map<string, Place[]>
}

/** Lists are concatenated; for settings, which are not applied, the last value wins. */
function mergeInto(
  target: Record<string, unknown>,
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  merging: Merging,
): void {
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, key]
    const known = target[key]
    if (Array.isArray(member)) {
      const places = merging.lists.get(here.join('/')) ?? []
      places.push(...member.map((_, index) => ({ part: merging.part, index })))
      merging.lists.set(here.join('/'), places)
      target[key] = [...(Array.isArray(known) ? (known as unknown[]) : []), ...(member as unknown[])]
    } else if (key === 'idp' && path.length === 0 && typeof member === 'object' && member !== null) {
      const inner = isObject(known) ? { ...known } : {}
      target[key] = inner
      mergeInto(inner, member as Readonly<Record<string, unknown>>, here, merging)
    } else target[key] = member
  }
}
