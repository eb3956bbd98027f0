// `crosswalk hints`: what somebody may want to look at, as rules found it, and mutes of it.
import { type Hint, HINT_RULES, HINT_SEVERITIES, readPages } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  parseLimit,
  parseMoment,
  withAdmin,
} from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const STATES = ['open', 'muted', 'all'] as const

interface ListOptions extends AdminOptions {
  readonly state: (typeof STATES)[number]
  readonly severity?: Hint['severity']
  readonly rule?: Hint['rule']
  readonly mine?: true
  readonly limit: number
}
interface MuteOptions extends AdminOptions {
  readonly until: string
  readonly reason: string
  readonly falseAlarm?: true
}

export function addHintCommands(program: Command, terminal: CommandTerminal): void {
  const hints = program.command('hints').description('what you may want to look at, and why')
  addList(hints, terminal)
  addMute(hints, terminal)
  addUnmute(hints, terminal)
}

function addList(hints: Command, terminal: CommandTerminal): void {
  const command = hints
    .command('list')
    .description('list hints, what cannot wait first')
    .addOption(new Option('--state <state>', 'only those').choices(STATES).default('open'))
    .addOption(new Option('--severity <severity>', 'only those').choices(HINT_SEVERITIES))
    .addOption(new Option('--rule <rule>', 'only those').choices(HINT_RULES))
    .option('--mine', 'only those that concern you')
    .option('--limit <number>', 'how many at most', parseLimit, 200)
  addListOptions(command).action((options: ListOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { state, severity, rule, mine } = options
      const query = {
        state,
        ...(severity === undefined ? {} : { severity }),
        ...(rule === undefined ? {} : { rule }),
        ...(mine === undefined ? {} : { mine }),
      }
      const { items, truncated } = await readPages(
        options.limit,
        async (page) => (await admin.client.call('hints.list', { query: { ...page, ...query } })).body,
      )
      const rows = items.map((it) => [it.id, it.severity, it.rule, it.sentence, it.action.text])
      const headings = ['id', 'severity', 'rule', 'what', 'what to do']
      writeList(admin, { schema: 'crosswalk.hints/v1', items, truncated, headings, rows })
    }),
  )
}

function addMute(hints: Command, terminal: CommandTerminal): void {
  const command = hints
    .command('mute')
    .description('mute a hint until a moment')
    .argument('<id>', 'id of the hint')
    .requiredOption('--until <moment>', 'it is open again from then on; RFC 3339')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--false-alarm', 'the rule was wrong here')
  addAdminOptions(command).action((id: string, options: MuteOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const until = parseMoment(options.until, terminal.nowMs())
      const body = { until, reason: options.reason, falseAlarm: options.falseAlarm === true }
      show(admin, (await admin.client.call('hints.mute', { params: { id }, body })).body)
    }),
  )
}

function addUnmute(hints: Command, terminal: CommandTerminal): void {
  const command = hints
    .command('unmute')
    .description('end the mute of a hint')
    .argument('<id>', 'id of the hint')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { readonly reason: string }) =>
    withAdmin(terminal, options, async (admin) => {
      const call = { params: { id }, body: { reason: options.reason } }
      show(admin, (await admin.client.call('hints.unmute', call)).body)
    }),
  )
}

function show({ terminal, options }: AdminCommand, hint: Hint): void {
  if (options.output === 'json') return writeJson(terminal, { schema: 'crosswalk.hint/v1', ...hint })
  const { id, sentence, muted } = hint
  const state = muted === null ? 'open' : `muted until ${muted.until}`
  terminal.writeOut(`✓ ${sanitize(`${id} ${state}: ${sentence}`)}\n`)
}
