// `crosswalk audit verify --file`: verifies an export without the server that wrote it.
import { createReadStream } from 'node:fs'

import type { CopyVerdict } from '@crosswalk/control'
import type { PublicJwk } from '@crosswalk/protocol'

import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import { whileWaiting } from '../progress/progress.ts'
import { type CommandTerminal, openStdin, readTextFile, STDIN } from '../terminal.ts'

export interface CopyOptions {
  readonly file: string
  readonly checkpoints?: string
  readonly key?: string
  readonly output: string
}

export async function verifyCopyFile(terminal: CommandTerminal, options: CopyOptions): Promise<void> {
  const { verifyCopy } = await import('@crosswalk/control')
  const checkpoints = readCheckpoints(options)
  const verifying = verifyCopy(openFile(terminal, options.file), checkpoints)
  const verdict = await whileWaiting(terminal, 'verifying', verifying).catch((error: unknown) => {
    throw toInputError(error, options.file, FIX)
  })
  if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.copy-verification/v1', ...verdict })
  else terminal.writeOut(renderVerdict(verdict))
  if (!verdict.ok) terminal.endWith(EXIT.negative)
}

/** In chunks, since an export may be larger than memory. */
export function openFile(terminal: CommandTerminal, file: string) {
  if (file !== '-') return { name: file, chunks: createReadStream(file) }
  return { name: STDIN, chunks: openStdin(terminal) }
}

function readCheckpoints({ checkpoints, key }: CopyOptions) {
  if (checkpoints === undefined) return {}
  const kept = readTextFile(checkpoints)
  const document = parseDocument(kept)
  const statements =
    document?.items?.map(({ statement }) => statement) ??
    kept.split('\n').filter((line) => line.trim() !== '')
  const publicJwk = key === undefined ? readPublicKey(checkpoints, document?.publicKey) : readKeyFile(key)
  return { statements, publicJwk }
}

/** @param file - the key, a set of keys, or the document of checkpoints that has it */
export function readKeyFile(file: string): PublicJwk {
  const document = parseDocument(readTextFile(file))
  return readPublicKey(file, document?.publicKey ?? document?.keys?.[0] ?? document)
}

function readPublicKey(file: string, key: object | undefined): PublicJwk {
  if (key !== undefined) return key as PublicJwk
  throw new CliError(
    EXIT.usage,
    `${file} contains no public key`,
    'name a file from `npx crosswalk audit checkpoints -o json` with --key',
  )
}

interface KeptDocument {
  readonly items?: readonly { readonly statement: string }[]
  readonly publicKey?: object
  readonly keys?: readonly object[]
}

/** @returns undefined for lines of statements */
function parseDocument(text: string): KeptDocument | undefined {
  try {
    return JSON.parse(text) as KeptDocument
  } catch {
    return undefined
  }
}

const FIX = 'use the native format of `audit export`, and the key of `audit checkpoints -o json`'

/** @param fix - for an input that is something else */
export function toInputError(error: unknown, file: string, fix: string): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (code !== undefined)
    return new CliError(EXIT.usage, `${file} cannot be read: ${message}`, 'name another file')
  return name === 'CopyError' ? new CliError(EXIT.usage, message, fix) : error
}

function renderVerdict({ ok, events, foreignCheckpoints, chains }: CopyVerdict): string {
  const bad = chains.find(({ firstBad }) => firstBad !== undefined)
  const first = ok
    ? `✓ ${count(events, 'event')} in ${count(chains.length, 'chain')}, all unchanged`
    : bad?.firstBad === undefined
      ? `✕ ${count(foreignCheckpoints, 'checkpoint')} not signed by this key`
      : `✕ ${bad.chain}#${bad.firstBad.seq}: ${bad.firstBad.why}`
  const lines = chains.map(
    ({ chain, begins, ends, sealedUntil, firstBad }) =>
      `  ${firstBad === undefined ? '✓' : '✕'} ${chain}  ${renderRange(begins, ends)}  ${sealedUntil === 0 ? 'no checkpoint' : `sealed until ${sealedUntil}`}`,
  )
  const isSealed = chains.every(({ ends, sealedUntil }) => sealedUntil >= ends)
  const last =
    ok && !isSealed
      ? [
          '! Events that are not sealed are consistent, but hashes can be recomputed: only checkpoints prove them.',
        ]
      : []
  return `${[first, ...lines, ...last].map(sanitize).join('\n')}\n`
}

function renderRange(begins: number, ends: number): string {
  return ends < begins ? 'no valid event' : `events ${begins} to ${ends}`
}
