// `crosswalk kill`: blocks a user, app or connection now, and measures when access ended. Without --yes, it shows the
// effect first, and asks.
import type { AnswerTo } from '@crosswalk/admin-api'
import { toCommandLine } from '@crosswalk/protocol'
import { Argument, type Command } from 'commander'

import { addAdminOptions, type AdminCommand, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { askConsent, type ConsentOptions } from '../admin/consent.ts'
import { isWithin, sendOptions } from '../admin/name-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, nameTarget, renderSpan, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { drill } from './kill-drill.ts'

const KINDS = ['user', 'app', 'connection', 'everything'] as const
const VERBS = [...KINDS, 'lift', 'drill'] as const

type KillOptions = AdminOptions & ConsentOptions

export function addKillCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('kill')
    .description('block a user, app, connection or everything, revoke tokens, and measure when access ended')
    .addArgument(
      new Argument('<kind>', 'what to block; `lift` a kill; `drill` runs both against a test target').choices(
        VERBS,
      ),
    )
    .argument(
      '[id]',
      'id, or the user name of a user; with `lift` the id of the kill, with `drill` for example app/agent0',
    )
    .option('--reason <text>', 'why, for the audit log')
    .option('--yes', 'block without asking')
  addAdminOptions(command).action(
    (kind: (typeof VERBS)[number], id: string | undefined, options: KillOptions) =>
      withAdmin(terminal, options, (admin) => {
        if (kind === 'lift') return lift(admin, id, options)
        if (kind === 'drill') return drill(admin, id, options)
        if (kind !== 'everything' && id === undefined)
          throw new CliError(
            EXIT.usage,
            'missing <id>',
            `name the ${kind}: see \`npx crosswalk ${kind} list\``,
          )
        const target = { kind, ...(id === undefined ? {} : { id }) }
        return sendOptions(
          (pointer) => (isWithin(pointer, '/target') ? '<id>' : undefined),
          () => press(admin, target, options),
        )
      }),
  )
}

interface Target {
  readonly kind: (typeof KINDS)[number]
  readonly id?: string
}

async function press(
  { client, terminal }: AdminCommand,
  target: Target,
  options: KillOptions,
): Promise<void> {
  if (options.yes !== true) {
    const { body } = await client.call('kill.preview', { body: { target } })
    terminal.writeErr(`Access would end:\n${renderReach(body)}${renderEnds(body)}`)
  }
  const name = target.id === undefined ? target.kind : `${target.kind} ${target.id}`
  const reason = await askConsent(terminal, options, {
    what: sanitize(`${name} would be blocked`),
    word: target.id ?? target.kind,
  })
  const { body } = await client.call('kill.press', { body: { target, reason } })
  if (options.output === 'json') return writeJson(terminal, { schema: 'crosswalk.kill/v1', ...body })
  const { id, blockedAt, blockedMs, effectiveMs, tokensRevoked, sessionsEnded } = body
  const lines = [
    `✓ ${nameTarget(body.target)} blocked  ${id}`,
    `  blocked at     ${blockedAt} (after ${blockedMs} ms)`,
    `  revoked        ${count(tokensRevoked, 'access token')}${sessionsEnded ? ', all sessions' : ''} (after ${effectiveMs} ms)`,
  ]
  for (const { audience, acknowledgedMs } of body.told)
    lines.push(
      acknowledgedMs === null
        ? `  ◷ notified     ${audience}: not acknowledged yet, retrying`
        : `  ✓ notified     ${audience} (after ${acknowledgedMs} ms)`,
    )
  terminal.writeOut(`${lines.map(sanitize).join('\n')}\n${renderReach(body)}`)
  terminal.writeErr(`lift it with: ${terminal.suggest(`${toCommandLine('kill', 'lift', id)} --reason …`)}\n`)
}

function renderEnds({ ends: { tokens, users, hasMore } }: AnswerTo<'kill.preview'>): string {
  const least = hasMore ? 'at least ' : ''
  return `  revokes now    ${least}${count(tokens, 'access token')} of ${least}${count(users, 'user')}\n`
}

function renderReach({
  reach,
  worstCaseSeconds,
  offlineSeconds,
}: Omit<AnswerTo<'kill.preview'>, 'ends'>): string {
  const places = reach.map(({ resourceApp, issuer, local, ...seconds }) =>
    local
      ? `  ✓ ${resourceApp}  at ${issuer}: immediately${renderOffline(seconds.offlineSeconds)}`
      : `  ◷ ${resourceApp}  at ${issuer}, another server: up to ${renderSpan(seconds.worstCaseSeconds)}`,
  )
  const bound = `  worst case     ${renderSpan(worstCaseSeconds)}${renderOffline(offlineSeconds)}`
  return `${[...places, bound].map(sanitize).join('\n')}\n`
}

/** An API that does not introspect accepts a revoked token until it expires. */
function renderOffline(seconds: number): string {
  return seconds === 0 ? '' : `; up to ${seconds} s at an API that does not introspect`
}

async function lift(
  { client, terminal }: AdminCommand,
  id: string | undefined,
  options: KillOptions,
): Promise<void> {
  if (id === undefined) throw new CliError(EXIT.usage, 'nothing to lift', 'use the id that `kill` printed')
  const what = sanitize(`${id} would be lifted`)
  const reason = await askConsent(terminal, { ...options, yes: true }, { what, word: id })
  const { body } = await client.call('kill.lift', { params: { id }, body: { reason } })
  if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.kill-lift/v1', ...body })
  else terminal.writeOut(`✓ ${sanitize(body.id)} lifted at ${body.liftedAt}\n`)
}
