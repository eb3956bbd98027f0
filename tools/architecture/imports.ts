// Finds the imports of a file with TypeScript's own scanner: static, type-only, re-exported and dynamic; and the
// package files that it reads without importing them.
import ts from 'typescript'

export interface Import {
  readonly specifier: string
  readonly line: number
}

const RESOLVED = /\brequire\.resolve\('([^']+)'\)/g

export function readImports(text: string): Import[] {
  const lineStarts = computeLineStarts(text)
  const imported = ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, line: lineAt(lineStarts, pos) }))
  const resolved = [...text.matchAll(RESOLVED)].map(({ 1: specifier = '', index }) => ({
    specifier,
    line: lineAt(lineStarts, index),
  }))
  return [...imported, ...resolved]
}

/** `zod/v4` → `zod`, `@scope/name/sub` → `@scope/name`, `node:fs` and absolute paths → themselves. */
export function packageOf(specifier: string): string {
  if (/^(node:|\/|[a-z]+:\/\/)/.test(specifier)) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../')
}

function computeLineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineAt(starts: readonly number[], position: number): number {
  return starts.findLastIndex((start) => start <= position) + 1
}
