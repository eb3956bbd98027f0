// A policy draft as form and text, and policy templates. The server validates it.
import { isObject } from '@crosswalk/protocol'
import { parse } from 'yaml'

import type { Policy } from '../../api/objects.ts'
import { zoneName } from '../../components/local-moment.ts'
import { text } from '../../texts/text.ts'

export type Rule = Omit<Policy, 'owner' | 'revision' | 'updatedAt' | 'updatedBy' | 'sentence'>
export type ClauseValue = Rule['when'][string]

/** As in the configuration file, so that it is found in form and text. @param path - JSON Pointer into the policy */
export function nameRuleField(path: string): string {
  return path.replace(/^\//, '').replaceAll('/', '.')
}

export function emptyRule(): Rule {
  return { id: '', when: {}, effect: 'deny', state: 'report-only' }
}

/** Common first policies, for any server: none names its scopes. Each starts as report-only, because its effect is not yet known. */
export const TEMPLATES = {
  mfa: {
    id: 'mfa-for-agents',
    description: 'Agents act only after a fresh sign-in with a second factor',
    when: { 'app.kind': 'agent' },
    effect: 'require',
    require: { acr: ['mfa'], maxAuthAgeSeconds: 43_200 },
    state: 'report-only',
  },
  hours: {
    id: 'agents-in-business-hours',
    description: 'Agents act during business hours only',
    when: { 'app.kind': 'agent', 'time.outside': `Mon-Fri 07:00-20:00 ${zoneName()}` },
    effect: 'deny',
    state: 'report-only',
  },
  rate: {
    id: 'agents-no-faster',
    description: 'Caps what one agent can do in an hour',
    when: { 'app.kind': 'agent' },
    effect: 'limit',
    limit: { perHour: 200 },
    state: 'report-only',
  },
  contractors: {
    id: 'no-agents-for-contractors',
    description: 'No agent acts for contractors',
    when: { 'app.kind': 'agent', group: 'contractors' },
    effect: 'deny',
    state: 'report-only',
  },
} as const satisfies Record<string, Rule | object>
export type TemplateName = keyof typeof TEMPLATES

export function ruleFromTemplate(name: string | undefined): Rule {
  if (name === undefined || !Object.hasOwn(TEMPLATES, name)) return emptyRule()
  return structuredClone(TEMPLATES[name as TemplateName]) as unknown as Rule
}

export type ParsedRule = { readonly rule: Rule } | { readonly problem: string }

/** @returns the policy in a text, or the problem of the text */
export function parseRule(source: string): ParsedRule {
  let value: unknown
  try {
    value = parse(source)
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
  if (!isObject(value)) return { problem: text('rule.notAMap') }
  const { when, effect, state, id, ...rest } = value
  // The server reports problems of the content; here it only needs to fit the form.
  return {
    rule: {
      ...rest,
      id: typeof id === 'string' ? id : '',
      when: isObject(when) ? (when as Rule['when']) : {},
      effect: (typeof effect === 'string' ? effect : 'deny') as Rule['effect'],
      state: (typeof state === 'string' ? state : 'enforced') as Rule['state'],
    },
  }
}

/** @returns the policy with another effect, and only the members of that effect */
export function withEffect(rule: Rule, effect: Rule['effect']): Rule {
  const { require, limit, ...rest } = rule
  if (effect === 'require') return { ...rest, effect, require: require ?? {} }
  if (effect === 'limit') return { ...rest, effect, limit: limit ?? {} }
  return { ...rest, effect }
}

export function valuesOf(value: ClauseValue): string[] {
  return Array.isArray(value) ? value.map(String) : value === '' ? [] : [String(value)]
}

/** Keeps names and order of the others. */
export function changeClause(rule: Rule, at: number, name: string, values: readonly string[]): Rule {
  const entries = Object.entries(rule.when)
  const [only, ...more] = values
  entries[at] = [name, more.length === 0 ? (only ?? '') : [...values]]
  return { ...rule, when: Object.fromEntries(entries) }
}

export function removeClause(rule: Rule, at: number): Rule {
  return { ...rule, when: Object.fromEntries(Object.entries(rule.when).filter((_, index) => index !== at)) }
}
