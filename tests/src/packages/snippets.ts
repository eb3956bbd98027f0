// The code blocks of a Markdown page, for tests that run them as a reader would.
import { readFileSync } from 'node:fs'

export interface Snippet {
  readonly language: string
  /** The text after the language, such as a file name */
  readonly info: string
  readonly code: string
  /** Line number of the first line of code */
  readonly line: number
}

const FENCE = /^```(\w+)(?: +([^\n]*))?\n([\s\S]*?)^```$/gm

/** @returns every fenced block with a language, in order */
export function readSnippets(file: string | URL): readonly Snippet[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(FENCE)].map((match) => {
    const [, language = '', info = '', code = ''] = match
    return { language, info: info.trim(), code, line: text.slice(0, match.index).split('\n').length + 1 }
  })
}

/** Lines that are not empty, comments or just brackets. */
export function countLines(code: string): number {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//') && !/^[[\](){};,]+$/.test(line)).length
}
