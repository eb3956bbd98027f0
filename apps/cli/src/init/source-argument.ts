// Paths for commands that users paste into a shell.
import { isAbsolute } from 'node:path'

import { toShellWord } from '@crosswalk/protocol'

/** `.` looks up a bare name in the PATH, and spaces would split a path into several words. */
export function toSourceArgument(file: string): string {
  const path = isAbsolute(file) || /^\.\.?\//.test(file) ? file : `./${file}`
  return toShellWord(path)
}
