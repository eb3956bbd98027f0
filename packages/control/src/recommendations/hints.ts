// The handlers of hints: what the rules found, as far as the caller sees it, and mutes of it.
import type { Hint, hintRoutes } from '@crosswalk/admin-api'

import type { AdminContext, Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { AdminParts } from '../http/parts.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { toMoment } from './definition-rules.ts'
import { concerns, createHintFinder, type FoundHint, type HintFinder, isShown } from './find-hints.ts'
import { countFeedback, isInForce, keepMute, type KeptMute, listMutes } from './hint-mutes.ts'

type Query = Parameters<Handlers['hints.list']>[0]['query']
type Muting = Parameters<Handlers['hints.mute']>[0]['body']
type Mutes = ReadonlyMap<string, KeptMute>

export function createHintHandlers(parts: AdminParts): Pick<Handlers, keyof typeof hintRoutes> {
  const finder = createHintFinder(parts)
  return {
    'hints.list': ({ query }, context) => list(parts, finder, context, query),
    'hints.mute': ({ params: { id }, body }, context) => mute(parts, finder, context, { id, muting: body }),
    'hints.unmute': ({ params: { id } }, context) => unmute(parts, finder, context, id),
  }
}

async function list(
  parts: AdminParts,
  finder: HintFinder,
  context: AdminContext,
  query: Query,
): ReturnType<Handlers['hints.list']> {
  const nowMs = parts.clock.nowMs()
  const mutes = await listMutes(parts)
  const found = (await finder.find()).filter((hint) => isShown(hint, context.caller))
  const isMuted = (hint: FoundHint) => mutes.size > 0 && isInForce(mutes.get(hint.id), nowMs)
  const byPlace = new Map(found.map((hint) => [hint.place, hint]))
  const render = renderWith(mutes, nowMs)
  const page = listPage([...byPlace.keys()], query, (place) => {
    const hint = byPlace.get(place)
    if (hint === undefined || !matches(hint, query)) return undefined
    if (query.state !== 'all' && isMuted(hint) !== (query.state === 'muted')) return undefined
    return query.mine === true && !concerns(parts, hint, context.caller) ? undefined : render(hint)
  })
  if (isProblem(page)) return page
  const open = { critical: 0, warning: 0, info: 0 }
  for (const hint of found) if (!isMuted(hint)) open[hint.finding.severity] += 1
  return { status: 200, body: { ...page, open } }
}

function matches({ rule, finding }: FoundHint, query: Query): boolean {
  return (
    (query.severity === undefined || finding.severity === query.severity) &&
    (query.rule === undefined || rule.id === query.rule)
  )
}

function renderWith(mutes: Mutes, nowMs: number): (hint: FoundHint) => Hint {
  const feedbackOf = countFeedback(mutes)
  return ({ id, rule, finding: { app, since, ...finding } }) => {
    const mute = mutes.get(id)
    return {
      id,
      rule: rule.id,
      formula: rule.formula,
      ...finding,
      app: app ?? null,
      baseline: rule.baseline,
      since: toMoment(since),
      muted: isInForce(mute, nowMs) ? showMute(mute) : null,
      feedback: feedbackOf(rule.id),
    }
  }
}

function showMute({ by, at, until, reason, falseAlarm }: KeptMute): NonNullable<Hint['muted']> {
  return { by, at, until, reason, falseAlarm }
}

async function mute(
  parts: AdminParts,
  finder: HintFinder,
  context: AdminContext,
  { id, muting: { until, falseAlarm, reason } }: { readonly id: string; readonly muting: Muting },
): Promise<{ readonly status: 200; readonly body: Hint } | Problem> {
  const found = await findShown(finder, context, id)
  if (isProblem(found)) return found
  const nowMs = parts.clock.nowMs()
  if (Date.parse(until) <= nowMs) return invalidRequest([{ path: '/until', problem: 'is over already' }])
  const { rule, finding } = found
  const { subject, app = null } = finding
  const at = new Date(nowMs).toISOString()
  const by = { by: context.caller.id, at, until, reason, falseAlarm }
  await keepMute(parts, context, { id, mute: { ...by, rule: rule.id, subject, app, ended: false } })
  return { status: 200, body: renderWith(await listMutes(parts), nowMs)(found) }
}

async function unmute(
  parts: AdminParts,
  finder: HintFinder,
  context: AdminContext,
  id: string,
): Promise<{ readonly status: 200; readonly body: Hint } | Problem> {
  const found = await findShown(finder, context, id)
  if (isProblem(found)) return found
  const nowMs = parts.clock.nowMs()
  const before = (await listMutes(parts)).get(id)
  if (!isInForce(before, nowMs)) return buildProblem('not-found', { detail: `No one muted ${id}.` })
  await keepMute(parts, context, { id, mute: { ...before, ended: true } })
  return { status: 200, body: renderWith(await listMutes(parts), nowMs)(found) }
}

async function findShown(
  finder: HintFinder,
  { caller }: AdminContext,
  id: string,
): Promise<FoundHint | Problem> {
  const found = (await finder.find()).find((hint) => hint.id === id && isShown(hint, caller))
  return found ?? buildProblem('not-found', { detail: `There is no hint ${id} now.` })
}
