// A tutorial of the console as steps: commands, what is pressed and filled in, what must come to be seen, and pictures, in
// the order in which they stand on the page.
import { readFileSync } from 'node:fs'

export type PageStep =
  | { readonly do: 'run'; readonly commands: string }
  | { readonly do: 'press'; readonly name: string }
  | { readonly do: 'fill'; readonly name: string; readonly value: string }
  | { readonly do: 'see'; readonly words: string }
  | { readonly do: 'snap'; readonly picture: string }

const STEP =
  /^```sh\n(?<commands>[\s\S]*?)^```$|^> (?<words>.+)$|^!\[[^\]]*\]\([^)]*\/(?<picture>[\w-]+)\.png\)$|^\d+\. \*\*(?<name>[^*]+)\*\*(?:: `(?<value>[^`]+)`)?/gm

export function readSteps(markdown: string): readonly PageStep[] {
  return [...markdown.matchAll(STEP)].map(({ groups = {} }): PageStep => {
    const { commands, words, picture, name = '', value } = groups
    if (commands !== undefined) return { do: 'run', commands }
    if (words !== undefined) return { do: 'see', words }
    if (picture !== undefined) return { do: 'snap', picture }
    return value === undefined ? { do: 'press', name } : { do: 'fill', name, value }
  })
}

/** @param replaced - what stands on the page, and what takes its place in this test */
export function readPage(file: string, replaced: Readonly<Record<string, string>>): readonly PageStep[] {
  let text = readFileSync(file, 'utf8')
  for (const [there, here] of Object.entries(replaced)) text = text.replaceAll(there, here)
  return readSteps(text)
}
