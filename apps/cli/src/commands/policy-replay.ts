// `crosswalk policy replay`: shows what a draft would have changed for recorded requests, before it is applied.
import {
  DEFAULT_REPLAYED,
  MAX_EXAMPLES,
  MAX_REPLAYED,
  REPLAY_KIND_NAMES,
  type ReplayReportBody,
} from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError, Option } from 'commander'

import { addServerOptions, type AdminOptions, parseMoment, withAdmin } from '../admin/admin-options.ts'
import { loadDraft } from '../configuration/load-draft.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import { renderReplayCsv } from '../policy/render-replay-csv.ts'
import { renderReplay } from '../policy/render-replay.ts'
import { whileWaiting } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

type Kind = (typeof REPLAY_KIND_NAMES)[number]

interface ReplayOptions extends Omit<AdminOptions, 'output'> {
  readonly output: 'text' | 'json' | 'csv'
  readonly since: string
  readonly until?: string
  readonly limit: number
  readonly prune?: true
  readonly failOn?: readonly Kind[]
}

export function addPolicyReplayCommand(policy: Command, terminal: CommandTerminal): void {
  const command = policy
    .command('replay')
    .description('evaluate recorded exchanges under a draft, and show the differences')
    .argument(
      '<files...>',
      'the draft: YAML or JSON with sections of a configuration file; - for standard input',
    )
    .option('--since <moment>', 'since this time; RFC 3339, or an age such as 30d', '30d')
    .option('--until <moment>', 'until this time')
    .option(
      '--limit <number>',
      'at most this many decisions, newest first',
      wholeNumber(1, MAX_REPLAYED),
      DEFAULT_REPLAYED,
    )
    .option('--prune', 'as if database objects that the draft does not list were deleted')
    .option(
      '--fail-on <kinds>',
      `exit with 3 on differences of these kinds: ${REPLAY_KIND_NAMES.join(', ')}, separated by commas`,
      parseKinds,
    )
  addServerOptions(command).addOption(
    new Option('-o, --output <format>', 'output format; csv: one line per changed decision')
      .choices(['text', 'json', 'csv'])
      .default('text')
      .env('CROSSWALK_OUTPUT'),
  )
  command.action((files: string[], options: ReplayOptions) =>
    withAdmin(terminal, { ...options, output: 'text' }, async ({ client }) => {
      const draft = await loadDraft(terminal, files)
      const now = terminal.nowMs()
      const body = {
        document: draft.document,
        prune: options.prune === true,
        limit: options.limit,
        since: parseMoment(options.since, now),
        ...(options.output === 'csv' ? { examples: MAX_EXAMPLES } : {}),
        ...(options.until === undefined ? {} : { until: parseMoment(options.until, now) }),
      }
      const { body: report } = await whileWaiting(
        terminal,
        'replaying',
        draft.ask('/document', () => client.call('replay', { body })),
      )
      show(terminal, options.output, report)
      if (report.groups.some(({ kind }) => options.failOn?.includes(kind) === true))
        terminal.endWith(EXIT.negative)
    }),
  )
}

function show(terminal: CommandTerminal, output: ReplayOptions['output'], report: ReplayReportBody): void {
  if (output === 'json') return writeJson(terminal, report)
  if (output === 'text') return terminal.writeOut(renderReplay(report))
  terminal.writeOut(renderReplayCsv(report))
  const left = report.groups.some(({ decisions, examples }) => decisions > examples.length)
  if (left) terminal.writeErr(`a kind has more than ${MAX_EXAMPLES} decisions; choose a shorter period\n`)
}

function parseKinds(text: string): readonly Kind[] {
  const kinds = text.split(',').map((kind) => kind.trim().replaceAll('-', '_'))
  const isKind = (kind: string): kind is Kind => (REPLAY_KIND_NAMES as readonly string[]).includes(kind)
  if (!kinds.every(isKind))
    throw new InvalidArgumentError(`Write one or more of ${REPLAY_KIND_NAMES.join(', ')}.`)
  return kinds
}
