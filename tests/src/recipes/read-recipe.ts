// A recipe of ARCHITECTURE.md as its steps: files to write, and lines to add to files that are there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Step {
  /** From the root of the repository */
  readonly path: string
  readonly kind: 'write' | 'edit'
  readonly text: string
}

/** @returns the steps below a heading, in order; each is a code block with `file=PATH` behind its language */
export function readRecipe(page: string, heading: string): readonly Step[] {
  const start = page.indexOf(`\n### ${heading}\n`)
  if (start === -1) throw new Error(`no recipe "${heading}"`)
  const [section = ''] = page.slice(start + 5).split(/\n##+ /)
  return [...section.matchAll(/^```(\w+) file=(\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, language, path = '', text = '']) => ({ path, text, kind: language === 'diff' ? 'edit' : 'write' }),
  )
}

/** Does what a step says. @throws Error where the lines that an edit goes by are not there */
export function follow(root: string, { path, kind, text }: Step): void {
  const file = join(root, path)
  if (kind === 'write') return writeFileSync(file, text)
  let content = readFileSync(file, 'utf8')
  for (const part of text.trimEnd().split(/^@@$\n?/m)) {
    const lines = part.split('\n').filter((line) => line !== '')
    const before = lines.filter((line) => line.startsWith(' ')).map((line) => line.slice(1))
    const after = lines.map((line) => line.slice(1))
    const at = content.indexOf(before.join('\n'))
    if (before.length === 0 || at === -1) throw new Error(`${path} has no lines\n${before.join('\n')}`)
    content = content.slice(0, at) + after.join('\n') + content.slice(at + before.join('\n').length)
  }
  writeFileSync(file, content)
}

export function readArchitecture(root: string): string {
  return readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
}
