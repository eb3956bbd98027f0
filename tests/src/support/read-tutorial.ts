// A tutorial as its reader takes it: the files that it has them write, and the commands with what is said to be printed.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { readSnippets } from '../packages/snippets.ts'

const PAGES = fileURLToPath(new URL('../../../docs/tutorials/', import.meta.url))

/** Those of programs; what is done in a browser is followed there: `tests/src/browser/console/first-connection.test.ts`. */
export const TUTORIALS = readdirSync(PAGES).filter(
  (name) => name.endsWith('.md') && !name.endsWith('-in-the-console.md'),
)

export interface TutorialCommand {
  readonly command: string
  /** What the page shows after it; undefined where the next block is something else */
  readonly printed: string | undefined
}

export interface Tutorial {
  readonly files: readonly { readonly name: string; readonly code: string }[]
  readonly commands: readonly TutorialCommand[]
  /** Writes its files into a folder of its own. @returns that folder */
  write(into: string): string
}

/** @param page - one of `TUTORIALS` */
export function readTutorial(page: string): Tutorial {
  const snippets = readSnippets(join(PAGES, page))
  const files = snippets
    .filter(({ language }) => language === 'ts')
    .map(({ info, code }) => ({ name: info, code }))
  return {
    files,
    commands: snippets.flatMap(({ language, code }, at) => {
      if (language !== 'sh') return []
      const next = snippets[at + 1]
      const printed = next?.language === 'text' ? next.code : undefined
      return code
        .trim()
        .split('\n')
        .map((command) => ({ command, printed }))
    }),
    write(into) {
      const folder = join(into, page.replace('.md', ''))
      mkdirSync(folder, { recursive: true })
      for (const { name, code } of files) writeFileSync(join(folder, name), code)
      return folder
    },
  }
}
