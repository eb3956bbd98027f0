// Paths in commands to be pasted into a shell.
import { isAbsolute } from 'node:path'

import { toShellWord } from '@crosswalk/protocol'

/** A name alone would be looked for in the PATH by `.`, and one with spaces would be several words. */
export function inShell(file: string): string {
  const path = isAbsolute(file) || /^\.\.?\//.test(file) ? file : `./${file}`
  return toShellWord(path)
}
