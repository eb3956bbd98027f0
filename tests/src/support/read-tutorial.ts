// Reads a tutorial: the files that it asks the reader to write, and its commands with their expected output.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { readSnippets } from '../packages/snippets.ts'

const PAGES = fileURLToPath(new URL('../../../docs/tutorials/', import.meta.url))

/** Tutorials with programs. `tests/src/browser/console/first-connection.test.ts` follows the one in the browser. */
export const TUTORIALS = readdirSync(PAGES).filter(
  (name) => name.endsWith('.md') && !name.endsWith('-in-the-console.md'),
)

export interface TutorialCommand {
  readonly command: string
  /** Expected output; undefined if the page shows none */
  readonly printed: string | undefined
}

export interface Tutorial {
  readonly files: readonly { readonly name: string; readonly code: string }[]
  readonly commands: readonly TutorialCommand[]
  /** Writes its files into a new folder. @returns the folder */
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
