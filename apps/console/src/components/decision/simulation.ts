// Converts between the simulator's URL and its request, so that a question can be linked and shared.
import type { CallTo } from '@crosswalk/admin-api'
import { dropUndefined, MINUTE_MS, OPEN_INPUTS, type OpenInput } from '@crosswalk/protocol'

import type { Connection } from '../../api/objects.ts'
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

/**
 * @param nowMs - for the age of the sign-in
 * @returns undefined while user, app or resource is missing
 */
export function buildSimulation(question: Question, nowMs: number): Input | undefined {
  const { user, app, audience, resource, scope, at, age, acr, dpop, ip, actor, unknown } = question
  const via = splitWords(question.via)
  const viaScope = splitWords(question.viaScope)
  if (user === undefined || app === undefined || audience === undefined) return undefined
  const askedMs = at === undefined ? nowMs : Date.parse(at)
  const resources = splitWords(resource)
  return {
    user,
    app,
    audience,
    ...(resources.length === 0 ? {} : { resource: resources }),
    ...(scope === undefined ? {} : { scope: splitWords(scope) }),
    ...(at === undefined ? {} : { at }),
    ...(age === undefined ? {} : { authTime: new Date(askedMs - Number(age) * MINUTE_MS).toISOString() }),
    ...(acr === undefined ? {} : { acr }),
    ...(dpop === 'true' ? { dpop: true } : {}),
    ...dropUndefined({ ip, actor }),
    ...(via.length === 0 ? {} : { via }),
    ...(viaScope.length === 0 ? {} : { viaScope }),
    ...(unknown === undefined ? {} : { unknown: listOpen(unknown, question) }),
  }
}

/** Values in the URL count as known. */
function listOpen(unknown: string, { age, acr, ip, dpop }: Question): OpenInput[] {
  const given = { authTime: age, acr, ip, dpop: dpop === 'true' ? dpop : undefined, volume: undefined }
  return OPEN_INPUTS.filter((name) => splitWords(unknown).includes(name) && given[name] === undefined)
}

/** @returns the request of a recorded decision, for evaluation under the current definitions; undefined if impossible */
export function questionOf({ stage, request }: Decision): Question | undefined {
  const { requesting_app: app, subject, audience, resource, scope } = request
  if (stage !== 'idp.token_exchange' || app === null || subject?.ref === undefined) return undefined
  if (audience === undefined) return undefined
  return {
    user: subject.ref,
    app: app.id,
    audience,
    ...joinRequested(resource, scope),
    ...(subject.acr === undefined ? {} : { acr: subject.acr }),
    ...(subject.chain === undefined
      ? {}
      : {
          via: subject.chain.hops.map(({ connection }) => connection).join(' '),
          viaScope: subject.chain.scope.join(' '),
        }),
  }
}

/** @returns everything that the connection allows, for this user; incomplete while user or issuer is unknown */
export function questionOfConnection(
  { app, resources, scopes }: Connection,
  user: string | undefined,
  issuer: string | undefined,
): Question {
  return {
    app,
    ...dropUndefined({ user, audience: issuer }),
    ...joinRequested(resources, scopes),
  }
}

export function joinRequested(
  resource: readonly string[],
  scope: readonly string[],
): Pick<Question, 'resource' | 'scope'> {
  return {
    ...(resource.length === 0 ? {} : { resource: resource.join(' ') }),
    ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
  }
}

/** Omitted from a test, since a pending access request is temporary. */
const ASKED = 'XAA1802'

/** @returns the same request as a policy test suite that expects the recorded outcome */
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

export function splitWords(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '')
}
