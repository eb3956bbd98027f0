// The command lines that sources print and pages show, as words for the command line.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface FoundCommand {
  readonly where: string
  readonly line: string
  readonly words: readonly string[]
  /** Named in a sentence: it need not be whole */
  readonly isMention: boolean
}

function listFiles(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !/node_modules|\.test\.tsx?$/.test(file))
    .map((file) => join(ROOT, folder, file))
}

/** What stands for a value that is known only when it is printed; where it is the name of an option, one of them. */
const fillIn = (text: string) =>
  text
    .replaceAll(/--\$\{\w+\}/g, '--idp')
    // More options, or none; told by an expression that goes on behind a quote.
    .replaceAll(/(?<=--[a-z-]+)\$\{[^}]*\}|\$\{[^}]*$/g, '')
    .replaceAll(/\$\{[^}]*\}/g, 'x')

/** Everything a source says but in comments; what is no command line is told apart by what stands before it. */
export function findPrinted(text: string, where = ''): readonly FoundCommand[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line))
    .flatMap((line) =>
      [...line.matchAll(/(?<!realm="|^.*# )\bcrosswalk ([a-z][^`'\\”]*)/g)].map(([, found = '']) => {
        const told = fillIn(found).replace(/[\s.,;:)]+$/, '')
        return { where, line: told, words: splitWords(told), isMention: false }
      }),
    )
}

export function findInSources(folder: string): readonly FoundCommand[] {
  return [...listFiles(folder, '.ts'), ...listFiles(folder, '.tsx')].flatMap((file) =>
    findPrinted(readFileSync(file, 'utf8'), relative(ROOT, file)),
  )
}

/** Of Markdown: lines of blocks to be run, whole, and what a sentence names in backticks. */
export function findInPage(text: string, where = ''): readonly FoundCommand[] {
  const blocks = [...text.matchAll(/^```(?:sh|console|bash)\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  )
  const run = blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => /(?:^|[\s(])(?:npx )?crosswalk ([a-z].*)$/.exec(line)?.[1] ?? [])
    .map((line) => ({ where, line, words: splitWords(line), isMention: false }))
  const named = [...text.matchAll(/`(?:npx )?crosswalk ([a-z][^`]*)`/g)].map(([, line = '']) => ({
    where,
    line,
    words: splitWords(line),
    isMention: true,
  }))
  return [...run, ...named]
}

export function findInPages(folder: string): readonly FoundCommand[] {
  return listFiles(folder, '.md').flatMap((file) =>
    findInPage(readFileSync(file, 'utf8'), relative(ROOT, file)),
  )
}

/** As a shell would, up to where the command ends. */
function splitWords(line: string): readonly string[] {
  const words: string[] = []
  for (const [token] of line.matchAll(/"[^"]*"|'[^']*'|[|;>&#<)]|[^\s|;>&#<)]+/g)) {
    if (/^[|;>&#<)]$/.test(token)) break
    words.push(token.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return words
}
