// `crosswalk explain`: explains a decision by any of its ids, or an error response itself, which needs no server.
import { existsSync } from 'node:fs'

import type { AnswerTo, CallTo } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'
import { dropUndefined } from '@crosswalk/protocol'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { labelled, renderDecision, wrapLabelled } from '../decision/render-decision.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import { type CommandTerminal, nameInput, readInput } from '../terminal.ts'
import { widthOf, wrapText } from '../wrap-text.ts'

interface ExplainOptions extends AdminOptions {
  readonly leg?: 'exchange' | 'redemption' | 'resource'
  readonly vendor?: string
  readonly http?: string
}

type Input = CallTo<'explain'>['body']

const AWAY: readonly number[] = [EXIT.network, EXIT.timeout]

export function addExplainCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('explain')
    .description('explain a decision by its id, trace id or jti, or an error response of any server')
    .argument('<reference>', 'dec_…, trc_…, a jti, or a file with the response; - for standard input')
    .addOption(
      new Option('--leg <leg>', 'the leg that failed').choices(['exchange', 'redemption', 'resource']),
    )
    .option('--vendor <name-or-issuer>', 'issuer of the server that responded')
    .option('--http <status>', 'HTTP status of the response, if the file does not contain it')
  addAdminOptions(command).action(async (reference: string, options: ExplainOptions) => {
    const input = await readReference(terminal, reference, options)
    const alone = input.raw === undefined ? undefined : findReasonToBeAlone(terminal, command)
    if (input.raw !== undefined && alone !== undefined)
      return explainAlone(terminal, options, { raw: input.raw, why: alone })
    try {
      await askServer(terminal, options, input)
    } catch (error) {
      if (error instanceof CliError && error.exitCode === EXIT.notFound) throw withWays(error)
      if (input.raw === undefined || !(error instanceof CliError) || !AWAY.includes(error.exitCode))
        throw error
      await explainAlone(terminal, options, { raw: input.raw, why: error.message })
    }
  })
}

/** The input may have been the id of another server's decision, or the name of a missing file. */
function withWays({ exitCode, message, details }: CliError): CliError {
  const fix =
    'name the server that decided with --server, find the decision with `npx crosswalk decisions list`, or name a file with the response'
  return new CliError(exitCode, message, fix, details)
}

function askServer(terminal: CommandTerminal, options: ExplainOptions, input: Input): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    show(terminal, options, (await client.call('explain', { body: input })).body)
  })
}

function show(terminal: CommandTerminal, { output }: ExplainOptions, explanation: AnswerTo<'explain'>): void {
  if (output === 'json') writeJson(terminal, explanation)
  else terminal.writeOut(renderExplanation(explanation, terminal))
}

/** An error response contains everything needed, so no server is required to explain it. */
function findReasonToBeAlone({ env }: CommandTerminal, command: Command): string | undefined {
  if (command.getOptionValueSource('server') === 'default') return 'no server specified'
  return (env.CROSSWALK_ADMIN_TOKEN ?? '') === '' ? 'no token for the admin API' : undefined
}

async function explainAlone(
  terminal: CommandTerminal,
  options: ExplainOptions,
  { raw, why }: { readonly raw: NonNullable<Input['raw']>; readonly why: string },
): Promise<void> {
  const { explainAnswer } = await import('@crosswalk/control')
  terminal.writeErr(`${why}: explained offline\n`)
  show(terminal, options, {
    schema: 'crosswalk.explanation/v1',
    decisions: [],
    cause: explainAnswer(raw),
  })
}

async function readReference(
  terminal: CommandTerminal,
  reference: string,
  options: ExplainOptions,
): Promise<Input> {
  if (reference.startsWith('dec_')) return { decisionId: reference }
  if (/^XAA\d{4}$/.test(reference))
    throw new CliError(
      EXIT.usage,
      `${reference} is a decision code, not a decision`,
      `see \`npx crosswalk code ${reference}\``,
    )
  if (reference === '-' || existsSync(reference) || isPath(reference))
    return { raw: parseAnswer(await readAnswer(terminal, reference), options) }
  if (/^(?:trc_.+|[0-9a-f]{32})$/.test(reference)) return { traceId: reference }
  return { jti: reference }
}

/** A missing file, rather than an id. A slash alone does not tell: a foreign `jti` may be base64. */
function isPath(reference: string): boolean {
  return /^\.{1,2}\/|\.(?:json|txt)$/.test(reference)
}

async function readAnswer(terminal: CommandTerminal, file: string): Promise<string> {
  const text = await readInput(terminal, file)
  if (text.trim() !== '') return text
  const name = nameInput(file)
  throw new CliError(EXIT.usage, `${name} is empty`, 'provide the response body as received')
}

/** `{ "http": 400, "body": … }`, or only the body together with `--http`. */
function parseAnswer(text: string, { leg, vendor, http }: ExplainOptions): NonNullable<Input['raw']> {
  const value = parseJson(text)
  const whole = typeof value === 'object' && value !== null && 'http' in value ? value : undefined
  const status = Number(http ?? whole?.http ?? 400)
  if (!Number.isInteger(status) || status < 100 || status > 599)
    throw new CliError(EXIT.usage, `${String(status)} is not an HTTP status`, 'use --http 400')
  return {
    http: status,
    body: whole !== undefined && 'body' in whole ? whole.body : value,
    ...dropUndefined({ leg, vendorHint: vendor }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function renderExplanation(
  { decisions, now, cause }: AnswerTo<'explain'>,
  terminal: CommandTerminal,
): string {
  if (cause !== undefined) {
    const { code, confidence, evidence, meaning, owner, remedy, hint, vendor } = cause
    const wrap = wrapLabelled(terminal)
    const lines = [
      ...wrapText(`${code}  ${meaning}  (${confidence})`, widthOf(terminal)),
      ...labelled('seen', wrap(`${evidence}${vendor === undefined ? '' : `, as ${vendor} responds`}`)),
      ...labelled('hint', hint === undefined ? [] : wrap(hint)),
      ...labelled('fix', wrap(`(${owner}) ${remedy}`)),
    ]
    return `${lines.map(sanitize).join('\n')}\n`
  }
  const again = wrapText('evaluated again with the current definitions:', widthOf(terminal))
  return [
    ...decisions.map((decision) => renderDecision(decision, terminal)),
    ...(now === undefined ? [] : [[...again, renderDecision(now, terminal)].join('\n')]),
  ].join('\n')
}
