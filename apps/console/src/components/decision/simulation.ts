// The address of the simulator as the request it asks about, and back: so that a question can be linked and shared.
import type { CallTo } from '@crosswalk/admin-api'
import { OPEN_INPUTS, type OpenInput } from '@crosswalk/protocol'

import type { Decision } from './check-groups.ts'

export const QUESTION = [
  'user',
  'app',
  'audience',
  'resource',
  'scope',
  'at',
  'age',
  'acr',
  'dpop',
  'ip',
  'actor',
  'via',
  'viaScope',
  'unknown',
] as const
export type Question = { readonly [K in (typeof QUESTION)[number]]?: string }
type Input = CallTo<'simulate'>['body']

const MINUTE_MS = 60_000

/**
 * @param nowMs - to tell how long ago the user signed in
 * @returns undefined while user, app or resource is missing
 */
export function buildSimulation(question: Question, nowMs: number): Input | undefined {
  const { user, app, audience, resource, scope, at, age, acr, dpop, ip, actor, unknown } = question
  const via = words(question.via)
  const viaScope = words(question.viaScope)
  if (user === undefined || app === undefined || audience === undefined) return undefined
  const askedMs = at === undefined ? nowMs : Date.parse(at)
  const resources = words(resource)
  return {
    user,
    app,
    audience,
    ...(resources.length === 0 ? {} : { resource: resources }),
    ...(scope === undefined ? {} : { scope: words(scope) }),
    ...(at === undefined ? {} : { at }),
    ...(age === undefined ? {} : { authTime: new Date(askedMs - Number(age) * MINUTE_MS).toISOString() }),
    ...(acr === undefined ? {} : { acr }),
    ...(dpop === 'true' ? { dpop: true } : {}),
    ...(ip === undefined ? {} : { ip }),
    ...(actor === undefined ? {} : { actor }),
    ...(via.length === 0 ? {} : { via }),
    ...(viaScope.length === 0 ? {} : { viaScope }),
    ...(unknown === undefined ? {} : { unknown: listOpen(unknown, question) }),
  }
}

/** What is given in the address is known, whatever else it says. */
function listOpen(unknown: string, { age, acr, ip, dpop }: Question): OpenInput[] {
  const given = { authTime: age, acr, ip, dpop: dpop === 'true' ? dpop : undefined, volume: undefined }
  return OPEN_INPUTS.filter((name) => words(unknown).includes(name) && given[name] === undefined)
}

/** @returns what was asked in a recorded decision, to be asked as things are now; undefined where it cannot be */
export function questionOf({ stage, request }: Decision): Question | undefined {
  const { requesting_app: app, subject, audience, resource, scope } = request
  if (stage !== 'idp.token_exchange' || app === null || subject?.ref === undefined) return undefined
  if (audience === undefined) return undefined
  return {
    user: subject.ref,
    app: app.id,
    audience,
    ...(resource.length === 0 ? {} : { resource: resource.join(' ') }),
    ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
    ...(subject.acr === undefined ? {} : { acr: subject.acr }),
    ...(subject.chain === undefined
      ? {}
      : {
          via: subject.chain.hops.map(({ connection }) => connection).join(' '),
          viaScope: subject.chain.scope.join(' '),
        }),
  }
}

/** An open access request is temporary, so a test leaves it out. */
const ASKED = 'XAA1802'

/** @returns the same question as a suite of policy tests that expects what was answered */
export function buildTest(
  question: Input,
  { outcome, code, granted }: Decision,
  suite = 'from the simulator',
) {
  const { user, app, audience, resource, scope, acr, ip, dpop } = question
  const given = { acr, ip, ...(dpop === undefined ? {} : { dpop: dpop !== false }) }
  const expected =
    outcome === 'allow'
      ? { outcome, ...(granted === null ? {} : { scopes: granted.scope }) }
      : { outcome: outcome === 'step_up' ? outcome : 'deny', ...(code === ASKED ? {} : { code }) }
  return {
    suite,
    tests: [
      {
        name: `${app} for ${user} at ${audience}`,
        who: `user:${user}`,
        app,
        at: { audience, resource },
        ask: scope,
        ...(Object.values(given).every((value) => value === undefined) ? {} : { with: given }),
        expect: expected,
      },
    ],
  }
}

export function words(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '')
}
