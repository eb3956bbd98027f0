// One JSON value in one file: read at start, and written completely on every change. Good enough for a demo, and safe
// against crashes while writing. For one process only.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface JsonFile<T> {
  read(): T
  /** Durable on return, as far as the operating system's cache is. */
  write(value: T): void
}

const OWNER_ONLY = 0o600

/** @throws SyntaxError if the file exists but is not JSON */
export function openJsonFile<T>(path: string, initial: T): JsonFile<T> {
  mkdirSync(dirname(path), { recursive: true })
  let current = readExisting<T>(path) ?? initial
  return {
    read: () => current,
    write: (value) => {
      // Renaming replaces the file atomically: a reader sees the old text or the new one, never a partial file.
      writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY })
      renameSync(`${path}.new`, path)
      current = value
    },
  }
}

function readExisting<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
