// Wraps text at the width of the terminal; words such as addresses are never split.
import type { Terminal } from './terminal.ts'

export type Screen = Pick<Terminal, 'columns'>

const MIN_COLUMNS = 40
/** Longer lines are hard to read, however wide the terminal is */
const MAX_COLUMNS = 100

export function widthOf({ columns = MAX_COLUMNS }: Screen): number {
  return Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS)
}

/** @returns the text in lines, all but the first indented */
export function wrapText(text: string, width: number): readonly string[] {
  // Splitting at the last of several spaces keeps the others with their word.
  const [first = '', ...rest] = fillLines(text.split(/ (?! )/), { width: width - HANGING.length })
  return [first, ...rest.map((line) => `${HANGING}${line}`)]
}

const HANGING = '  '

/** Joins words to lines; a word wider than a line has its own. */
export function fillLines(
  words: readonly string[],
  { width, separator = ' ' }: { readonly width: number; readonly separator?: string },
): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    const joined = `${last}${separator}${word}`
    if (last === undefined || joined.trimEnd().length > width) lines.push(word)
    else lines[lines.length - 1] = joined
  }
  return lines.map((line) => line.trimEnd())
}
