// `crosswalk audit verify` and `crosswalk audit checkpoints`: detect changes to the logs, and export evidence for
// later.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import { whileWaiting } from '../progress/progress.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'
import { verifyCopyFile } from './audit-copy.ts'
import { verifyPackFile } from './audit-pack.ts'
import { addProveCommand, verifyProofFile } from './audit-proof.ts'

type VerifyOptions = AdminOptions & {
  readonly checkpoints?: string
  readonly file?: string
  readonly proof?: string
  readonly pack?: string
  readonly key?: string
}
type CheckpointOptions = AdminOptions & { readonly log?: string; readonly all?: true }

export function addVerificationCommands(audit: Command, terminal: CommandTerminal): void {
  const verify = audit
    .command('verify')
    .description('verify the hash chains against the sealed checkpoints')
    .option('--checkpoints <file>', 'checkpoints kept elsewhere, one per line; - for standard input')
    .option('--file <export>', 'verify this export, without a server; - for standard input')
    .option('--proof <file>', 'verify this proof of an event, without a server; - for standard input')
    .option('--pack <file>', 'verify this evidence pack, without a server')
    .option(
      '--key <file>',
      'with --file, --proof or --pack: the key of checkpoints, from `audit checkpoints -o json`',
    )
  addAdminOptions(verify).action(({ file, proof, pack, ...options }: VerifyOptions) => {
    if (pack !== undefined) return verifyPackFile(terminal, { ...options, pack })
    if (proof !== undefined) return verifyProofFile(terminal, { ...options, proof })
    return file === undefined ? verifyLogs(terminal, options) : verifyCopyFile(terminal, { ...options, file })
  })
  addProveCommand(audit, terminal)
  const list = audit
    .command('checkpoints')
    .description('print signed checkpoints to keep elsewhere, one per line')
    .option('--log <log>', 'one log: idp, admin, or as: and an id')
    .option('--all', 'every checkpoint, not only the last of each chain')
  addAdminOptions(list).action((options: CheckpointOptions) => listCheckpoints(terminal, options))
}

function verifyLogs(terminal: CommandTerminal, options: VerifyOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const asked =
      options.checkpoints === undefined
        ? client.call('audit.verify', {})
        : client.call('audit.verify-with', {
            body: { checkpoints: await readStatements(terminal, options.checkpoints) },
          })
    const { body } = await whileWaiting(terminal, 'verifying', asked)
    if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.verification/v1', ...body })
    else terminal.writeOut(renderVerification(body))
    if (!body.ok) terminal.endWith(EXIT.negative)
  })
}

async function readStatements(terminal: CommandTerminal, file: string): Promise<string[]> {
  const lines = (await readInput(terminal, file)).split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '')
}

function renderVerification({
  ok,
  events,
  foreignCheckpoints,
  firstBad,
  limitation,
  logs,
}: AnswerTo<'audit.verify'>) {
  const first = ok
    ? `✓ ${count(events, 'event')} in ${count(new Set(logs.map(({ log }) => log)).size, 'log')}, all unchanged`
    : firstBad === undefined
      ? `✕ ${count(foreignCheckpoints, 'checkpoint')} ${foreignCheckpoints === 1 ? 'was' : 'were'} not signed here`
      : `✕ ${firstBad.chain}#${firstBad.seq}: ${firstBad.why}`
  const lines = logs.map(
    ({ chain, ok: good, events: recorded, begins, checkpoints, external, head }) =>
      `  ${good ? '✓' : '✕'} ${chain}  ${count(recorded, 'event')}${begins > 1 ? ` from ${begins} on` : ''}  ${count(checkpoints, 'checkpoint')}, ${external} from outside  head ${head.hash || 'none'}`,
  )
  const last = limitation === undefined ? [] : [`! ${limitation}`]
  return `${[first, ...lines, ...last].map(sanitize).join('\n')}\n`
}

function listCheckpoints(terminal: CommandTerminal, options: CheckpointOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const query = {
      latest: options.all === true ? ('false' as const) : ('true' as const),
      ...(options.log === undefined ? {} : { log: options.log }),
    }
    const { body } = await client.call('audit-checkpoints.list', { query })
    if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.checkpoints/v1', ...body })
    else terminal.writeOut(body.items.map(({ statement }) => `${sanitize(statement)}\n`).join(''))
  })
}
