// `crosswalk kill drill`: runs the kill switch on something that can be interrupted briefly, checks that it can reach
// nothing while blocked, lifts the block, and checks that access is restored. The audit log records every step.
import { type AnswerTo, readPages } from '@crosswalk/admin-api'
import { toCommandLine } from '@crosswalk/protocol'

import type { AdminCommand } from '../admin/admin-options.ts'
import { askConsent, type ConsentOptions } from '../admin/consent.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, renderSpan, writeJson } from '../output.ts'

/** A drill cannot target everything: it would interrupt the whole company. */
const KINDS = ['user', 'app', 'connection'] as const

interface Target {
  readonly kind: (typeof KINDS)[number]
  readonly id: string
}

interface Drill {
  readonly target: Target
  /** How many ways of access exist: before, while blocked, and after lifting */
  readonly before: number
  readonly during: number
  readonly after: number
  readonly pressed: AnswerTo<'kill.press'>
}

/** A complete count of more ways would prove nothing extra. */
const MAX_WAYS = 1000

export async function drill(
  admin: AdminCommand,
  text: string | undefined,
  consent: ConsentOptions,
): Promise<void> {
  const target = parseTarget(text)
  const before = await countWays(admin, target)
  const what = sanitize(
    `${target.kind} ${target.id} would be blocked for a moment and its live tokens revoked; it has access in ${count(before, 'way')} now`,
  )
  // The console recognizes a drill by this prefix.
  const reason = `Drill: ${await askConsent(admin.terminal, consent, { what, word: target.id })}`
  const { client } = admin
  const { body: pressed } = await client.call('kill.press', { body: { target, reason } })
  let during: number
  try {
    during = await countWays(admin, target)
  } finally {
    await lift(admin, { target, id: pressed.id, reason })
  }
  tell(admin, { target, before, during, after: await countWays(admin, target), pressed })
}

/** Always lifts the block. If lifting fails, the caller must know that access is still blocked. */
async function lift(
  { client, terminal }: AdminCommand,
  { target, id, reason }: { readonly target: Target; readonly id: string; readonly reason: string },
): Promise<void> {
  try {
    await client.call('kill.lift', { params: { id }, body: { reason } })
  } catch (error) {
    const still = `${target.kind} ${target.id} is still blocked`
    const command = terminal.suggest(`${toCommandLine('kill', 'lift', id)} --reason …`)
    terminal.writeErr(sanitize(`${still}; lift it with: ${command}`).concat('\n'))
    throw error
  }
}

function parseTarget(text = ''): Target {
  const [kind = '', ...rest] = text.split('/')
  const known = KINDS.find((one) => one === kind)
  if (known !== undefined && rest.join('') !== '') return { kind: known, id: rest.join('/') }
  throw new CliError(
    EXIT.usage,
    sanitize(text === '' ? 'no target for the drill' : `${text} cannot be drilled`),
    'name a user, app or connection that can be interrupted for a moment, such as app/agent0',
  )
}

/** Uses the evaluator of the token endpoint, with the active policies and blocks. */
async function countWays({ client }: AdminCommand, { kind, id }: Target): Promise<number> {
  const about =
    kind === 'connection'
      ? { app: (await client.call('connections.read', { params: { id } })).body.app }
      : { [kind]: id }
  const { items } = await readPages(
    MAX_WAYS,
    async (page) => (await client.call('reach.what', { query: { ...about, ...page } })).body,
  )
  return items.filter(({ connection }) => kind !== 'connection' || connection === id).length
}

function tell({ terminal, options }: AdminCommand, done: Drill): void {
  const { before, during, after } = done
  // Without access before the drill, denial during it proves nothing.
  const ok = before === 0 ? undefined : during === 0 && after === before
  if (options.output === 'json') writeJson(terminal, toDocument(done, ok))
  else terminal.writeOut(`${renderDrill(done, ok).map(sanitize).join('\n')}\n`)
  if (ok === undefined) terminal.endWith(EXIT.inconclusive)
  else if (!ok) terminal.endWith(EXIT.negative)
}

function toDocument({ target, before, during, after, pressed }: Drill, ok: boolean | undefined) {
  const { id, target: _, ...measured } = pressed
  return {
    schema: 'crosswalk.kill-drill/v1',
    ok: ok ?? null,
    ...{ kill: id, target, ways: { before, during, after } },
    ...measured,
  }
}

function renderDrill(
  { target, before, during, after, pressed }: Drill,
  ok: boolean | undefined,
): readonly string[] {
  const { id, blockedMs, effectiveMs, tokensRevoked, told, worstCaseSeconds } = pressed
  const name = `${target.kind} ${target.id}`
  const first = {
    true: `✓ the kill switch works for ${name}; access is restored`,
    false: `✕ the kill switch does not work for ${name}`,
    undefined: `? ${name} had no access before, so the drill proves nothing`,
  }[`${ok}`]
  return [
    first,
    `  access         ${count(before, 'way')} before, ${during} while blocked, ${after} after lifting`,
    `  blocked        after ${blockedMs} ms`,
    `  revoked        ${count(tokensRevoked, 'access token')} (after ${effectiveMs} ms)`,
    ...told.map(({ audience, acknowledgedMs: ms }) =>
      ms === null
        ? `  ◷ notified     ${audience}: not acknowledged yet, retrying`
        : `  ✓ notified     ${audience} (after ${ms} ms)`,
    ),
    `  worst case     ${renderSpan(worstCaseSeconds)}`,
    `  recorded       ${id}`,
  ]
}
