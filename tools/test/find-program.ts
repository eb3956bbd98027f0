// Finds a system program for tests that need it.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian installs servers in folders that are not on the PATH of most users. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/opt/homebrew/opt/openldap/libexec']

/** @returns the path of the program, or undefined if it is not installed */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...FOLDERS,
  ]
  return folders.map((folder) => join(folder, name)).find((program) => existsSync(program))
}
