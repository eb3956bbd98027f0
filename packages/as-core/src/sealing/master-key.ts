// Where the one secret that protects all others comes from: the environment, else a file made on the first start.
// Nothing else is decided here; what is derived from it stands in `sealing.ts`.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

import { makeFolder } from '../make-folder.ts'
import { readVariable } from '../read-variable.ts'

export const MASTER_KEY_BYTES = 32

export interface MasterKeySource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: string
}

/**
 * Reads the master key from the environment variable `CROSSWALK_KEY`, from the file that `CROSSWALK_KEY_FILE` names, else
 * from the file that is made on the first start.
 *
 * @returns undefined where there is neither
 * @throws Error when the text is not 32 bytes in base64url or hex, when others may read the file of the first start, or when
 *   `CROSSWALK_KEY_FILE` cannot be read
 */
export function findMasterKey({ env, file }: MasterKeySource): Uint8Array | undefined {
  const given = readVariable(env, 'CROSSWALK_KEY')
  if (!given.accepted) throw new Error(`${given.refusal.what}; ${given.refusal.fix}`)
  return given.value !== undefined && given.value !== ''
    ? parseMasterKey(given.value, describeSource(env))
    : readKeyFile(file)
}

function describeSource({ CROSSWALK_KEY_FILE: file = '' }: MasterKeySource['env']): string {
  return file === '' ? 'environment variable CROSSWALK_KEY' : `file ${file} of CROSSWALK_KEY_FILE`
}

/**
 * Makes a key file of mode 0600, its folder too when missing, for a database in which nothing is sealed yet.
 *
 * Safe for processes that start at once: all end with the key of the one that made the file first.
 */
export function makeMasterKey(file: string): Uint8Array {
  createKeyFile(file)
  const created = readKeyFile(file)
  if (created === undefined) throw new Error(`key file ${file} vanished while starting`)
  return created
}

/** @throws Error naming `where` when the text is not 32 bytes in base64url or hex, or plainly not random */
export function parseMasterKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim()
  const key = /^[0-9A-Fa-f]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9_-]{43}$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64url')
      : undefined
  if (key === undefined)
    throw new Error(`${where} must hold 32 random bytes: 64 hex or 43 base64url characters`)
  if (new Set(key).size < 8)
    throw new Error(`${where} does not look random; make one with: openssl rand -hex 32`)
  return key
}

function readKeyFile(file: string): Uint8Array | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    // Mode of what was opened, not of what the name points to a moment later.
    if (process.platform !== 'win32' && (fstatSync(descriptor).mode & 0o077) !== 0)
      throw new Error(`key file ${file} can be read or written by others; run: chmod 600 ${file}`)
    return parseMasterKey(readFileSync(descriptor, 'utf8'), `key file ${file}`)
  } finally {
    closeSync(descriptor)
  }
}

/** Writes beside and links into place, so that no process reads half a key and the first one wins. */
function createKeyFile(file: string): void {
  makeFolder(dirname(file), 0o700)
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(MASTER_KEY_BYTES).toString('base64url')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
