// `crosswalk policy replay`: what a draft would have changed for real traffic, before it changes anything.
import {
  DEFAULT_REPLAYED,
  MOST_EXAMPLES,
  MOST_REPLAYED,
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
import type { CommandTerminal } from '../terminal.ts'

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
    .description('judge recorded exchanges by a draft and by what is in force, and tell the differences')
    .argument('<files...>', 'the draft: YAML or JSON, with the sections of a configuration file')
    .option('--since <moment>', 'from this moment on; RFC 3339, or an age such as 30d', '30d')
    .option('--until <moment>', 'before this moment')
    .option('--limit <number>', 'how many decisions at most, the newest', parseCount, DEFAULT_REPLAYED)
    .option('--prune', 'as if objects of the database that a section does not list were deleted')
    .option(
      '--fail-on <kinds>',
      `end with 3 where there are such differences: ${REPLAY_KIND_NAMES.join(', ')}, with commas between`,
      parseKinds,
    )
  addServerOptions(command).addOption(
    new Option('-o, --output <format>', 'format of the answer; csv: a line for each decision that differs')
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
        ...(options.output === 'csv' ? { examples: MOST_EXAMPLES } : {}),
        ...(options.until === undefined ? {} : { until: parseMoment(options.until, now) }),
      }
      const { body: report } = await draft.ask('/document', () => client.call('replay', { body }))
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
  if (left) terminal.writeErr(`there are more than ${MOST_EXAMPLES} of a kind; take a shorter period\n`)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_REPLAYED)
    throw new InvalidArgumentError(`a whole number from 1 to ${MOST_REPLAYED}.`)
  return count
}

function parseKinds(text: string): readonly Kind[] {
  const kinds = text.split(',').map((kind) => kind.trim().replaceAll('-', '_'))
  const isKind = (kind: string): kind is Kind => (REPLAY_KIND_NAMES as readonly string[]).includes(kind)
  if (!kinds.every(isKind)) throw new InvalidArgumentError(`some of ${REPLAY_KIND_NAMES.join(', ')}.`)
  return kinds
}
