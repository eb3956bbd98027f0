// Where nginx is on this machine, for the tests behind a real reverse proxy. Only finds it.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian keeps it where the PATH of most users does not lead. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

/** @returns the program's path, or undefined where none is installed */
export function findNginx(path = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...FOLDERS]
  return folders.map((folder) => join(folder, 'nginx')).find((program) => existsSync(program))
}
