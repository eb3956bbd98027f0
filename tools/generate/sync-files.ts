// Writes generated files, or lists those that differ from what the code generates.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface GeneratedFile {
  /** From the root of the repository */
  readonly path: string
  readonly content: string
  /** Generated when needed, not committed */
  readonly artefact?: true
}

/** @returns the paths of files that are missing or differ */
export function findStaleFiles(root: string, files: readonly GeneratedFile[]): string[] {
  return files
    .filter((file) => readOrNothing(join(root, file.path)) !== file.content)
    .map((file) => file.path)
}

export function writeFiles(root: string, files: readonly GeneratedFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

function readOrNothing(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
