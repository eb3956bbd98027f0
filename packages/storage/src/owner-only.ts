// Files that hold secrets are for their owner alone, whatever folder they are in and whatever the umask says.
import { chmodSync, closeSync, openSync, statSync } from 'node:fs'

const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * Makes the file where it is missing, and otherwise takes it from everybody but its owner.
 *
 * @throws Error of the file system, also where others may use the file and it is not ours to change that
 */
export function makeOwnerOnly(path: string): void {
  closeSync(openSync(path, 'a', OWNER_ONLY))
  keepOwnerOnly(path)
}

/** The same, for a file that may be missing and then stays so. */
export function keepOwnerOnly(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & OTHERS) !== 0) chmodSync(path, OWNER_ONLY)
}
