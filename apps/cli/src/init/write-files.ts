// Writes new files, and never overwrites existing ones.
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

export interface NewFile {
  readonly path: string
  readonly content: string
  readonly mode: number
}

/** @throws CliError before anything is written if one of the files exists */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const { makeFolder } = await import('@crosswalk/as-core')
  const existing = files.find(({ path }) => existsSync(path))
  if (existing !== undefined) throw refuse(existing.path)
  for (const { path, content, mode } of files) {
    const handle = open(path, mode, makeFolder)
    try {
      writeFileSync(handle, content)
    } finally {
      closeSync(handle)
    }
  }
}

/** `wx` also protects a file created since the check. */
function open(path: string, mode: number, makeFolder: (folder: string) => void): number {
  try {
    makeFolder(dirname(path))
  } catch (error) {
    throw fail(path, readCode(error))
  }
  try {
    return openSync(path, 'wx', mode)
  } catch (error) {
    const code = readCode(error)
    throw code === 'EEXIST' ? refuse(path) : fail(path, code)
  }
}

function readCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

function fail(path: string, code: string): CliError {
  return new CliError(EXIT.failure, `${path} cannot be written (${code})`, 'choose a writable folder')
}

function refuse(path: string): CliError {
  return new CliError(
    EXIT.conflict,
    `${path} already exists; nothing was written`,
    'move it away, or choose another folder with --folder',
  )
}
