// Complete facts and rules for tests, with the changes that a test names.
import type { PolicyDefinition } from '@crosswalk/protocol'

import type { RuleFacts } from '../facts.ts'

/** Monday 2026-03-02, 10:14:05 in Berlin */
export const MONDAY_1014_BERLIN = 1_772_442_845

export function buildFacts(changes: Partial<RuleFacts> = {}): RuleFacts {
  return {
    now: MONDAY_1014_BERLIN,
    app: { id: 'agent0', kind: 'agent', owners: ['usr_ada'], hasActiveOwner: true },
    user: {
      id: 'usr_alice',
      username: 'alice',
      groups: ['engineering', 'everyone'],
      attributes: { department: 'R&D', level: 3, contractor: false },
    },
    subjectKind: 'user',
    resourceApp: { id: 'todo0' },
    resource: ['https://todo.example/mcp'],
    scope: ['todos.read', 'todos.write'],
    authTime: MONDAY_1014_BERLIN - 3600,
    acr: 'mfa',
    ip: '10.1.2.3',
    dpop: true,
    volumeLastHour: 10,
    ...changes,
  }
}

type Missable = 'authTime' | 'acr' | 'ip' | 'volumeLastHour'

/** Facts without the optional ones, or without the named one only. */
export function buildFactsWithout(name?: Missable): RuleFacts {
  const { authTime, acr, ip, volumeLastHour, ...known } = buildFacts()
  const missable = { authTime, acr, ip, volumeLastHour }
  const kept = Object.entries(missable).filter(([key]) => name !== undefined && key !== name)
  return { ...known, ...Object.fromEntries(kept) }
}

type When = PolicyDefinition['when']

export function buildDeny(
  id: string,
  when: When = {},
  more: Partial<PolicyDefinition> = {},
): PolicyDefinition {
  return { id, when, effect: 'deny', state: 'enforced', ...more }
}

export function buildRequire(
  id: string,
  require: NonNullable<PolicyDefinition['require']>,
  when: When = {},
): PolicyDefinition {
  return { id, when, effect: 'require', require, state: 'enforced' }
}

export function buildLimit(
  id: string,
  limit: NonNullable<PolicyDefinition['limit']>,
  when: When = {},
): PolicyDefinition {
  return { id, when, effect: 'limit', limit, state: 'enforced' }
}
