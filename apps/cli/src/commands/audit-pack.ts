// `crosswalk audit pack` and `crosswalk audit verify --pack`: evidence that an auditor verifies without the server.
import { createWriteStream, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { ROUTES, ZIP } from '@crosswalk/admin-api'
import type { PackVerdict } from '@crosswalk/control'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions } from '../admin/admin-options.ts'
import { requestStream } from '../admin/request-stream.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import { whileWaiting } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'
import { EVENT_FILTERS } from './audit-filters.ts'
import { readKeyFile, toInputError } from './audit-copy.ts'

const FILTERS = listOptions(ROUTES['audit.pack'].query, EVENT_FILTERS)

type PackOptions = AdminOptions & { readonly to?: string }

export function addPackCommand(audit: Command, terminal: CommandTerminal): void {
  const pack = audit
    .command('pack')
    .description('write an evidence pack: events with everything needed to verify them offline')
    .option('--to <file>', 'the ZIP file to create; default: named after the current time')
  addAdminOptions(addOptions(pack, FILTERS)).action((options: PackOptions) => writePack(terminal, options))
}

async function writePack(terminal: CommandTerminal, options: PackOptions): Promise<void> {
  const filters = readOptions(FILTERS, { ...options }, { nowMs: terminal.nowMs(), direction: 'ago' })
  const request = { path: '/audit-events/pack', filters, accept: ZIP }
  const { headers, body } = await requestStream(terminal, options, request)
  const file = options.to ?? readFileName(headers)
  await whileWaiting(terminal, 'writing', save(body, file))
  const verdict = await verify(terminal, file)
  if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.pack/v1', file, ...verdict })
  else terminal.writeOut(`${render(verdict, file)}\n`)
  if (!verdict.ok) terminal.endWith(EXIT.negative)
  else terminal.writeErr(`verify it anywhere with: npx crosswalk audit verify --pack ${file}\n`)
}

/** The name in the summary page of the pack. */
function readFileName(headers: Headers): string {
  const [, name] =
    /filename="(crosswalk-evidence-\w+\.zip)"/.exec(headers.get('content-disposition') ?? '') ?? []
  return name ?? 'crosswalk-evidence.zip'
}

async function save(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  const { cleanUpUnfinished } = await import('@crosswalk/as-core')
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  const removeOpen = () => {
    // Before it is open, the file may belong to someone else.
    if (!target.pending) rmSync(file, { force: true })
  }
  try {
    await cleanUpUnfinished(removeOpen, () =>
      pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), target),
    )
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new CliError(EXIT.usage, `${file} already exists`, 'name another file with --to')
    if (syscall === 'open')
      throw new CliError(
        EXIT.usage,
        `${file} cannot be created (${code})`,
        'name a writable folder with --to',
      )
    // It was open: a closed stream counts as pending again.
    rmSync(file, { force: true })
    const fix = 'try again; a shorter period makes a smaller pack'
    throw new CliError(EXIT.network, `the pack is incomplete: ${message}`, fix)
  }
}

export interface VerifyPackOptions {
  readonly pack: string
  readonly key?: string
  readonly output: string
}

export async function verifyPackFile(
  terminal: CommandTerminal,
  { pack, key, output }: VerifyPackOptions,
): Promise<void> {
  const verdict = await verify(terminal, pack, key)
  if (output === 'json') writeJson(terminal, { schema: 'crosswalk.pack-verification/v1', ...verdict })
  else terminal.writeOut(`${render(verdict, pack)}\n${key === undefined ? renderKey(verdict) : ''}`)
  if (!verdict.ok) terminal.endWith(EXIT.negative)
}

async function verify(terminal: CommandTerminal, pack: string, key?: string): Promise<PackVerdict> {
  const { verifyPack } = await import('@crosswalk/control')
  const verifying = verifyPack(pack, key === undefined ? undefined : readKeyFile(key))
  return whileWaiting(terminal, 'verifying', verifying).catch((error: unknown) => {
    throw toInputError(error, pack, 'name a file from `npx crosswalk audit pack`')
  })
}

function render(verdict: PackVerdict, file: string): string {
  if (!verdict.ok) return sanitize(`✕ ${file}: ${verdict.why}`)
  const { manifest, chains } = verdict
  const { events, server, by, time } = manifest
  const lines = [
    `✓ ${count(events, 'event')} of ${server}, all unchanged; packed by ${by} at ${time}`,
    ...chains.map(
      ({ chain, begins, ends, hashed }) =>
        `  ✓ ${chain}  events ${begins} to ${ends}, sealed${hashed === 0 ? '' : `  ${hashed} of them only as hashes`}`,
    ),
  ]
  return lines.map(sanitize).join('\n')
}

/** Anyone can make a pack with a key of their own. */
function renderKey(verdict: PackVerdict): string {
  return `! The key is from the pack itself. Ask the operator whether theirs is ${sanitize(verdict.kid)}, or use --key.\n`
}
