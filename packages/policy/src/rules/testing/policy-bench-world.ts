// A company for benchmarks: a given number of rules over a given number of connections, identical on every run.
import type { PolicyDefinition } from '@crosswalk/protocol'

import { type CompiledRules, compileRules } from '../compile-rules.ts'
import type { RuleFacts } from '../facts.ts'

export interface PolicyBenchWorld {
  readonly policies: readonly PolicyDefinition[]
  readonly rules: CompiledRules
  /** Requests spread over all connections, to be used in turn */
  readonly requests: readonly RuleFacts[]
}

const MONDAY_MORNING = 1_772_442_845
const REQUESTS = 4096
const APPS_PER_RESOURCE_APP = 4

/**
 * Builds a world in which rules grow with the company: of ten rules, nine are about one app, resource app, group,
 * department or owner. With `global`, every rule applies to everything, so the index does not help: the worst case.
 *
 * @param ruleCount - rules to compile
 * @param options - `connections`: pairs of app and resource app that send requests; default 10,000
 */
export function policyBenchWorld(
  ruleCount: number,
  { connections = 10_000, shape = 'company' }: { connections?: number; shape?: 'company' | 'global' } = {},
): PolicyBenchWorld {
  const buildRule = shape === 'company' ? buildCompanyRule : buildGlobalRule
  const policies = Array.from({ length: ruleCount }, (_, place) => buildRule(place))
  const requests = Array.from({ length: REQUESTS }, (_, place) =>
    buildRequest(place, spread(place, connections)),
  )
  return { policies, rules: compileRules(policies), requests }
}

/** Maps neighbours far apart, so that requests do not follow the order of connections. */
function spread(place: number, below: number): number {
  return (place * 7_919) % below
}

function buildRequest(place: number, connection: number): RuleFacts {
  const app = Math.floor(connection / APPS_PER_RESOURCE_APP)
  const resourceApp = connection % 500
  return {
    // 100 requests per second.
    now: MONDAY_MORNING + place / 100,
    app: {
      id: `app-${app}`,
      kind: ['agent', 'web', 'service'][app % 3] ?? 'agent',
      owners: [`usr-${app % 97}`],
    },
    user: {
      id: `usr-${connection}`,
      username: `user${connection}`,
      groups: ['everyone', `team-${connection % 211}`, `site-${connection % 13}`],
      attributes: { department: `dep-${connection % 53}`, contractor: connection % 7 === 0 },
    },
    subjectKind: 'user',
    resourceApp: { id: `res-${resourceApp}` },
    resource: [`https://res-${resourceApp}.example/mcp`],
    scope: [`res-${resourceApp}.read`, `res-${resourceApp}.write`],
    authTime: MONDAY_MORNING - 600,
    acr: connection % 2 === 0 ? 'mfa' : 'pwd',
    ip: `10.${connection % 250}.3.4`,
    dpop: connection % 2 === 0,
    volumeLastHour: connection % 50,
  }
}

type Draft = Pick<PolicyDefinition, 'when' | 'effect'> & Partial<PolicyDefinition>

function finish(place: number, draft: Draft): PolicyDefinition {
  return { id: `rule-${place}`, state: place % 20 === 19 ? 'report-only' : 'enforced', ...draft }
}

const OFFICE = 'Mon-Fri 07:00-20:00 Europe/Berlin'
const OWN_NETWORKS = ['10.0.0.0/8', 'fd00::/8']
const MFA = { acr: ['mfa'] }

/** Typical rules of a company, repeated for each of its resource apps. */
const COMPANY_RULES: readonly ((turn: number) => Draft)[] = [
  (turn) => ({
    when: { 'app.kind': 'agent', scope: [`res-${turn}.write`] },
    effect: 'require',
    require: MFA,
  }),
  (turn) => ({ when: { resourceApp: `res-${turn}`, 'time.outside': OFFICE }, effect: 'deny' }),
  (turn) => ({ when: { app: `app-${turn}` }, effect: 'limit', limit: { perHour: 100 } }),
  (turn) => ({ when: { resourceApp: `res-${turn}`, 'network.outside': OWN_NETWORKS }, effect: 'deny' }),
  (turn) => ({
    when: { group: `team-${turn}`, scope: [`res-${turn}.write`] },
    effect: 'require',
    require: { dpop: true },
  }),
  (turn) => ({
    when: { 'user.attributes.department': `dep-${turn}`, 'app.kind': 'agent' },
    effect: 'limit',
    limit: { idJagTtlSeconds: 60 },
  }),
  (turn) => ({
    when: { 'app.owner': `usr-${turn}`, resourceApp: `res-${turn}` },
    effect: 'require',
    require: { maxAuthAgeSeconds: 3600 },
  }),
  (turn) => ({
    when: { resource: `https://res-${turn}.example/mcp`, 'authAge.over': '12h' },
    effect: 'deny',
  }),
  (turn) => ({ when: { app: [`app-${turn}`, `app-${turn + 1}`], user: `user${turn}` }, effect: 'deny' }),
  (turn) => ({
    when: { group: `site-${turn % 13}`, resourceApp: `res-${turn}`, acr: 'pwd' },
    effect: 'require',
    require: MFA,
  }),
]

/** One rule in a hundred applies to everyone, as in a typical company. */
const FOR_ALL_CONTRACTORS: Draft = {
  when: { 'user.attributes.contractor': true },
  effect: 'limit',
  limit: { idJagTtlSeconds: 120 },
}

const GLOBAL_RULES: readonly Draft[] = [
  { when: { 'time.outside': 'Mon-Sun 00:00-24:00 Europe/Berlin' }, effect: 'deny' },
  { when: { network: '192.0.2.0/24' }, effect: 'deny' },
  { when: { 'authAge.over': '12h' }, effect: 'require', require: MFA },
  { when: { 'volume.perHour.over': 1000 }, effect: 'deny' },
]

function buildCompanyRule(place: number): PolicyDefinition {
  if (place % 100 === 5) return finish(place, FOR_ALL_CONTRACTORS)
  const build = COMPANY_RULES[place % COMPANY_RULES.length]
  return finish(place, build?.(Math.floor(place / COMPANY_RULES.length)) ?? FOR_ALL_CONTRACTORS)
}

function buildGlobalRule(place: number): PolicyDefinition {
  return finish(place, GLOBAL_RULES[place % GLOBAL_RULES.length] ?? FOR_ALL_CONTRACTORS)
}
