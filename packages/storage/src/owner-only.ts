// Files with secrets must be accessible only to their owner, whatever the folder and the umask.
import { chmodSync, closeSync, openSync, statSync } from 'node:fs'

const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * Creates the file if missing; otherwise removes everyone else's access.
 *
 * @throws Error of the file system, also if others have access and we may not change that
 */
export function makeOwnerOnly(path: string): void {
  closeSync(openSync(path, 'a', OWNER_ONLY))
  keepOwnerOnly(path)
}

/** The same for an optional file; does not create it. */
export function keepOwnerOnly(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & OTHERS) !== 0) chmodSync(path, OWNER_ONLY)
}
