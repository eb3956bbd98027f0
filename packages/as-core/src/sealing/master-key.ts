// The source of the master key, the secret that protects all others: the environment, or a file made on the first
// start. `sealing.ts` derives other keys from it.
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

/** A master key that cannot be used, and what to do about it. */
export class MasterKeyError extends Error {
  readonly what: string
  readonly fix: string

  constructor(what: string, fix: string) {
    super(`${what}; ${fix}`)
    this.name = 'MasterKeyError'
    this.what = what
    this.fix = fix
  }
}

export interface MasterKeySource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: string
}

/**
 * Reads the master key from the environment variable `CROSSWALK_KEY`, from the file named by `CROSSWALK_KEY_FILE`, or
 * from the file made on the first start.
 *
 * @returns undefined if there is none
 * @throws MasterKeyError if the text is not 32 bytes in base64url or hex, if other users can read the file of the first start,
 *   or if `CROSSWALK_KEY_FILE` cannot be read
 */
export function findMasterKey({ env, file }: MasterKeySource): Uint8Array | undefined {
  const given = readVariable(env, 'CROSSWALK_KEY')
  if (!given.accepted) throw new MasterKeyError(given.refusal.what, given.refusal.fix)
  return given.value !== undefined && given.value !== ''
    ? parseMasterKey(given.value, describeSource(env))
    : readKeyFile(file)
}

function describeSource({ CROSSWALK_KEY_FILE: file = '' }: MasterKeySource['env']): string {
  return file === '' ? 'environment variable CROSSWALK_KEY' : `file ${file} of CROSSWALK_KEY_FILE`
}

/**
 * Makes a key file of mode 0600, and its folder if missing, for a database without sealed values.
 *
 * Safe for processes that start concurrently: all use the key of the process that made the file first.
 */
export function makeMasterKey(file: string): Uint8Array {
  createKeyFile(file)
  const created = readKeyFile(file)
  if (created === undefined) throw new Error(`key file ${file} vanished while starting`)
  return created
}

/** @throws MasterKeyError naming `where` if the text is not 32 bytes in base64url or hex, or is obviously not random */
export function parseMasterKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim()
  const key = /^[0-9A-Fa-f]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9_-]{43}$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64url')
      : undefined
  if (key === undefined)
    throw new MasterKeyError(
      `${where} must hold 32 random bytes: 64 hex or 43 base64url characters`,
      `copy the whole key; for a new database, ${MAKE_KEY}`,
    )
  if (new Set(key).size < 8) throw new MasterKeyError(`${where} does not look random`, MAKE_KEY)
  return key
}

const MAKE_KEY = 'make one with: openssl rand -hex 32'

function readKeyFile(file: string): Uint8Array | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    // Check the mode of the opened file, because the name may point elsewhere a moment later.
    if (process.platform !== 'win32' && (fstatSync(descriptor).mode & 0o077) !== 0)
      throw new MasterKeyError(`key file ${file} can be read or written by others`, `run: chmod 600 ${file}`)
    return parseMasterKey(readFileSync(descriptor, 'utf8'), `key file ${file}`)
  } finally {
    closeSync(descriptor)
  }
}

/** Writes a temporary file and links it into place, so that no process reads half a key and the first process wins. */
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
