// Reads the text of a file: UTF-8, or a problem with a fix. Does not check the content.
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'

import type { FileProblem } from './finding.ts'

export type ReadText = { readonly text: string } | { readonly problem: FileProblem }

/** @param whenMissing - the fix if there is no such file */
export function readText(file: string, whenMissing: string): ReadText {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return { problem: describeUnreadable(file, error, whenMissing) }
  }
  // Decoding drops the UTF-8 byte order mark. UTF-16 is detected by the zero bytes in its letters.
  const text = new TextDecoder().decode(bytes)
  const bad = text.indexOf(isUtf8(bytes) ? '\0' : '\ufffd')
  if (bad < 0) return { text }
  const line = text.slice(0, bad).split('\n').length
  return { problem: tell(file, line, 'the file is not UTF-8 text', 'save it as UTF-8') }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'give read permission to the user that runs this',
  EPERM: 'give read permission to the user that runs this',
  EISDIR: 'name a file; this is a folder',
}

export function describeUnreadable(file: string, error: unknown, whenMissing: string): FileProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return tell(file, 1, `the file cannot be read (${code})`, REMEDIES[code] ?? whenMissing)
}

function tell(file: string, line: number, what: string, fix: string): FileProblem {
  return { severity: 'error', file, line, what, fix }
}
