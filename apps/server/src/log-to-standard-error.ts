// The log of the server: one entry per line on standard error.
import { keepOneEntry } from '@crosswalk/as-core'

export function logToStandardError(line: string): void {
  process.stderr.write(`${keepOneEntry(line)}\n`)
}
