// Reads an environment variable, or the file named by NAME_FILE. Containers, Kubernetes and systemd pass secrets by
// file, because other processes on a machine may read the environment.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

import { accept, refuse, type Result } from '@crosswalk/protocol'

import { decodeUtf8 } from './decode-utf8.ts'

export interface VariableRefusal {
  readonly what: string
  readonly fix: string
}

type Environment = Readonly<Record<string, string | undefined>>

const MAX_BYTES = 64 * 1024

/**
 * Removes one line break (LF or CRLF) at the end of a file.
 *
 * @returns undefined if neither `NAME` nor `NAME_FILE` is set; an empty `NAME_FILE` counts as unset
 */
export function readVariable(
  environment: Environment,
  name: string,
): Result<string | undefined, VariableRefusal> {
  const value = environment[name]
  const file = environment[`${name}_FILE`]
  if (file === undefined || file === '') return accept(value)
  if (value !== undefined && value !== '')
    return refuse({ what: `${name} and ${name}_FILE are both set`, fix: 'set one of the two' })
  const text = readBounded(file)
  return typeof text === 'string'
    ? accept(text)
    : refuse({ what: `${name}_FILE names ${file}, which ${text.problem}`, fix: text.fix })
}

type Unreadable = { readonly problem: string; readonly fix: string }

/** Reads from the opened descriptor, never beyond the limit, because the name may point elsewhere a moment later. */
function readBounded(file: string): string | Unreadable {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const fix = code === 'ENOENT' ? 'name an existing file' : 'let the user that runs Crosswalk read the file'
    return { problem: `cannot be read (${code})`, fix }
  }
  try {
    if (!fstatSync(descriptor).isFile())
      return { problem: 'is not a regular file', fix: 'name a file that holds the secret' }
    const buffer = Buffer.alloc(MAX_BYTES + 1)
    return judge(buffer.subarray(0, readSync(descriptor, buffer)))
  } finally {
    closeSync(descriptor)
  }
}

function judge(bytes: Uint8Array): string | Unreadable {
  if (bytes.length > MAX_BYTES)
    return { problem: `is larger than ${MAX_BYTES} bytes`, fix: 'keep only the secret in it' }
  const text = decodeUtf8(bytes)?.replace(/\r?\n$/, '')
  if (text === undefined || text.includes('\0'))
    return { problem: 'is not UTF-8 text', fix: 'save it as UTF-8 text' }
  return text === '' ? { problem: 'is empty', fix: 'write the secret to it' } : text
}
