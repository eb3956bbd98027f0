// Creates a folder and its parents. Avoids the `recursive` option of Node.js, which never returns if a folder cannot be
// created in an existing one, for example below /proc.
import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Safe for concurrent use by several processes.
 *
 * @param mode - of created folders; existing ones keep theirs
 * @param made - called with each created folder, the outermost first
 * @throws Error of the file system
 */
export function makeFolder(folder: string, mode = 0o777, made?: (path: string) => void): void {
  const path = resolve(folder)
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent, mode, made)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process created it first.
    if (!isFolder(path)) throw error
    return
  }
  made?.(path)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
