// Finds the command lines that sources print and pages show, split into words.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface FoundCommand {
  readonly where: string
  readonly line: string
  readonly words: readonly string[]
  /** Mentioned in a sentence, so it may be incomplete */
  readonly isMention: boolean
  /** Whether it starts with `npx`, as pages show commands to type */
  readonly byNpx: boolean
}

function listFiles(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !/node_modules|\.test\.tsx?$/.test(file))
    .map((file) => join(ROOT, folder, file))
}

/** Placeholder for a value known only when printed; for the name of an option, one of the options. */
const fillIn = (text: string) =>
  text
    .replaceAll(/--\$\{\w+\}/g, '--idp')
    // More options or none: an expression that continues after a quote.
    .replaceAll(/(?<=--[a-z-]+)\$\{[^}]*\}|\$\{[^}]*$/g, '')
    .replaceAll(/\$\{[^}]*\}/g, 'x')

/** All strings of a source, without comments. The preceding text tells whether one is a command line. */
export function findPrinted(text: string, where = ''): readonly FoundCommand[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line))
    .flatMap((line) =>
      [...line.matchAll(/(?<!realm="|^.*# )(\bnpx )?\bcrosswalk ([a-z][^`'\\”]*)/g)].map(
        ([, npx, found = '']) => {
          const told = fillIn(found).replace(/[\s.,;:)]+$/, '')
          return { where, line: told, words: splitWords(told), isMention: false, byNpx: npx !== undefined }
        },
      ),
    )
}

export function findInSources(folder: string): readonly FoundCommand[] {
  return [...listFiles(folder, '.ts'), ...listFiles(folder, '.tsx')].flatMap((file) =>
    findPrinted(readFileSync(file, 'utf8'), relative(ROOT, file)),
  )
}

/** From Markdown: complete lines of shell blocks, and commands in backticks. */
export function findInPage(text: string, where = ''): readonly FoundCommand[] {
  const blocks = [...text.matchAll(/^```(?:sh|console|bash)\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  )
  const run = blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => [...line.matchAll(/(?:^|[\s(])(npx )?crosswalk ([a-z].*)$/g)])
    .map(([, npx, line = '']) => ({
      ...{ where, line, words: splitWords(line), isMention: false },
      byNpx: npx !== undefined,
    }))
  const named = [...text.matchAll(/`(npx )?crosswalk ([a-z][^`]*)`/g)].map(([, npx, line = '']) => ({
    ...{ where, line, words: splitWords(line), isMention: true },
    byNpx: npx !== undefined,
  }))
  return [...run, ...named]
}

export function findInPages(folder: string): readonly FoundCommand[] {
  return listFiles(folder, '.md').flatMap((file) =>
    findInPage(readFileSync(file, 'utf8'), relative(ROOT, file)),
  )
}

/** Splits like a shell, up to the end of the command. */
function splitWords(line: string): readonly string[] {
  const words: string[] = []
  for (const [token] of line.matchAll(/"[^"]*"|'[^']*'|[|;>&#<)]|[^\s|;>&#<)]+/g)) {
    if (/^[|;>&#<)]$/.test(token)) break
    words.push(token.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return words
}
