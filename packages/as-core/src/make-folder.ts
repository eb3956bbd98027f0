// Makes a folder with those above it. Not by the `recursive` of Node.js, which never ends where a folder cannot be made
// in one that exists, as below /proc.
import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Several processes may do so at the same moment.
 *
 * @param mode - of each folder that is made; those that exist keep theirs
 * @throws Error of the file system
 */
export function makeFolder(folder: string, mode = 0o777): void {
  const path = resolve(folder)
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process was faster.
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
