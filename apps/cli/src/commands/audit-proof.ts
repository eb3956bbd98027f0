// `crosswalk audit prove` and `crosswalk audit verify --proof`: one event of a log for a third party, who has no access to
// the log.
import { type InclusionProof, zInclusionProof } from '@crosswalk/admin-api'
import type { Inclusion } from '@crosswalk/control'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'
import { readKeyFile } from './audit-copy.ts'

export function addProveCommand(audit: Command, terminal: CommandTerminal): void {
  const prove = audit
    .command('prove <event>')
    .description('print a proof that an event is in its log, for someone who may not read the log')
    .addHelpText('after', '\nAn event is CHAIN#NUMBER, such as idp#120, or the id of a decision.')
  addAdminOptions(prove).action((event: string, options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { body } = await client.call('audit.prove', { query: { event } })
      writeJson(terminal, body)
    }),
  )
}

interface ProofOptions {
  readonly proof: string
  readonly key?: string
  readonly output: string
}

export async function verifyProofFile(terminal: CommandTerminal, options: ProofOptions): Promise<void> {
  const { key, output } = options
  if (key === undefined)
    throw new CliError(
      EXIT.usage,
      'a proof needs the key of the checkpoints',
      'name a file from `npx crosswalk audit checkpoints -o json` with --key',
    )
  const proof = parseProof(await readInput(terminal, options.proof), options.proof)
  const inclusion = await verify(proof, key)
  if (output === 'json') writeJson(terminal, { schema: 'crosswalk.inclusion/v1', ...inclusion })
  else terminal.writeOut(renderInclusion(proof, inclusion))
  if (!inclusion.ok) terminal.endWith(EXIT.negative)
}

function parseProof(text: string, file: string): InclusionProof {
  try {
    return zInclusionProof.parse(JSON.parse(text))
  } catch {
    throw new CliError(
      EXIT.usage,
      `${file} is not a proof`,
      'name a file from `npx crosswalk audit prove idp#7`',
    )
  }
}

async function verify(proof: InclusionProof, key: string): Promise<Inclusion> {
  const { CopyError, verifyInclusion } = await import('@crosswalk/control')
  try {
    return await verifyInclusion(proof, readKeyFile(key))
  } catch (error) {
    if (!(error instanceof CopyError)) throw error
    throw new CliError(EXIT.usage, error.message, 'use the key of `npx crosswalk audit checkpoints -o json`')
  }
}

function renderInclusion({ chain, seq, following }: InclusionProof, inclusion: Inclusion): string {
  if (!inclusion.ok) return `✕ ${sanitize(`${chain}#${seq}: ${inclusion.why}`)}\n`
  const { event, sealed } = inclusion
  const { time, type, outcome, code, decision_id: decision } = event
  const later = following.length === 0 ? '' : `, ${count(following.length, 'event')} later`
  const lines = [
    `✓ ${chain}#${seq} is in the log, sealed at ${sealed.time}${later}`,
    `  ${[time, type, outcome, code, decision].filter((part) => part !== undefined).join('  ')}`,
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}
