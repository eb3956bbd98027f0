// Follows a "How to add …" of ARCHITECTURE.md to the letter, in a copy of the package it is about.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

interface RecipeStep {
  readonly file: string
  readonly language: string
  readonly code: string
}

/** @returns each step that names a file and has code */
export function readRecipe(title: string): readonly RecipeStep[] {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const [, rest] = page.split(`\n## ${title}\n`)
  if (rest === undefined) throw new Error(`ARCHITECTURE.md has no recipe "${title}"`)
  const [section = ''] = rest.split('\n## ')
  const steps = section.matchAll(/^\d+\. [^`]*`([^`]+)`[^\n]*\n\n {3}```(\w+)\n([\s\S]*?)\n {3}```$/gm)
  return [...steps].map(([, file = '', language = '', code = '']) => ({
    file,
    language,
    code: code.replaceAll(/^ {3}/gm, ''),
  }))
}

/** A copy of one workspace, in which packages are found as in the original. */
export function copyWorkspace(workspace: string): { readonly folder: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-recipe-'))
  cpSync(join(ROOT, workspace), join(root, workspace), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  return { folder: root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

export function followStep(folder: string, { file, language, code }: RecipeStep): void {
  const path = join(folder, file)
  writeFileSync(path, language === 'diff' ? applyDiff(readFileSync(path, 'utf8'), code) : `${code}\n`)
}

/** A line that is only added is an import; one that is added after a removed one takes its place. */
function applyDiff(text: string, diff: string): string {
  const lines = diff.split('\n')
  return lines.reduce((changed, line, index) => {
    const added = line.slice(1)
    if (!line.startsWith('+')) return changed
    const before = lines[index - 1]
    if (before?.startsWith('-') !== true) return `${added}\n${changed}`
    const removed = before.slice(1)
    if (changed.split(`\n${removed}\n`).length !== 2) throw new Error(`"${removed}" stands there not once`)
    return changed.replace(`\n${removed}\n`, () => `\n${added}\n`)
  }, text)
}
