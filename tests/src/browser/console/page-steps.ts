// Parses a console tutorial into steps: commands, controls to press or fill in, text to wait for, and pictures, in page order.
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

/** @param replaced - texts on the page, with their replacements in this test */
export function readPage(file: string, replaced: Readonly<Record<string, string>>): readonly PageStep[] {
  let text = readFileSync(file, 'utf8')
  for (const [there, here] of Object.entries(replaced)) text = text.replaceAll(there, here)
  return readSteps(text)
}
