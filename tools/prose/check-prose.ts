// Finds words that the table excludes in the prose of a file; code, links and quoted screen texts are not prose.
import type { Prose } from './prose.ts'
import { TERMS } from './words.ts'

export interface ProseFinding {
  readonly line: number
  readonly words: string
  readonly use: string
}

const PATTERNS = TERMS.map(({ not, use }) => ({
  pattern: new RegExp(String.raw`(?<![\w-])(?:${not.replaceAll(' ', String.raw`\s+`)})(?![\w-])`, 'gi'),
  use,
}))

export function checkProse(prose: readonly Prose[]): ProseFinding[] {
  return prose
    .flatMap(({ text, line }) =>
      PATTERNS.flatMap(({ pattern, use }) =>
        [...text.matchAll(pattern)].map((match) => ({
          line: line + text.slice(0, match.index).split('\n').length - 1,
          words: match[0].replaceAll(/\s+/g, ' '),
          use,
        })),
      ),
    )
    .sort((a, b) => a.line - b.line)
}
