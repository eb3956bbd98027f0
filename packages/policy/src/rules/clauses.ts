// The clause table: every condition a rule can have. The reference page is generated from it, and the checks use it.
import { type OpenInput, type PolicyDefinition, zApp } from '@crosswalk/protocol'

import { type ClauseType, rangeClause, singleClause, tokenClause } from './clause.ts'
import { parseDurationSeconds, parseDurations, renderDuration } from './duration.ts'
import type { RuleFacts } from './facts.ts'
import { type Address, isInNetwork, parseAddress, parseNetwork, parseNetworks } from './network.ts'
import { readOpen } from './open-reading.ts'
import { isWindowOpen, parseTimeWindow, renderLocalTime } from './time-window.ts'

const NO_SIGN_IN_TIME = 'the sign-in time is unknown'
const NO_ADDRESS = "the client's address is unknown"
const NETWORKS = 'CIDR ranges or addresses, IPv4 or IPv6'
const WINDOWS = 'weekly windows: days, hours and an IANA time zone'
const DURATION = { takes: 'one duration: seconds, or text such as `12h` or `1d12h`', example: '12h' } as const

const duration = {
  ...DURATION,
  parse: parseDurationSeconds,
  expected: { problem: 'this is not a duration', fix: 'write seconds, or a duration such as 30m, 12h or 7d' },
  unknownWhen: NO_SIGN_IN_TIME,
  show: renderDuration,
}

const BOOLEAN = {
  takes: '`true` or `false`',
  parse: parseBoolean,
  expected: { problem: 'this is neither true nor false', fix: 'write true or false' },
  holds: (seen: boolean, value: boolean) => seen === value,
  show: (seen: boolean) => seen,
} as const

const network = {
  takes: NETWORKS,
  unknownWhen: NO_ADDRESS,
  parse: parseNetwork,
  ...readOpen('ip', readAddress, parseNetworks),
  contains: isInNetwork,
  show: (address: Address) => address.toString(),
}

const window = {
  takes: WINDOWS,
  example: 'Mon-Fri 07:00-20:00 Europe/Berlin',
  parse: parseTimeWindow,
  read: ({ now }: Pick<RuleFacts, 'now'>) => now,
  contains: isWindowOpen,
  show: (now: number, windows: readonly Parameters<typeof renderLocalTime>[0][]) =>
    windows[0] === undefined ? null : renderLocalTime(windows[0], now),
}

/** Records show the count of the preceding hour as the value of this clause. */
export const VOLUME_CLAUSE = 'volume.perHour.over'

export const CLAUSES: readonly ClauseType[] = [
  tokenClause({
    name: 'app',
    takes: 'ids of requesting apps',
    meaning: 'The requesting app is one of these.',
    example: 'agent0',
    isSubject: true,
    phrase: (apps) => apps,
    read: ({ app }) => [app.id],
  }),
  tokenClause({
    name: 'app.kind',
    takes: 'kinds of requesting apps',
    meaning: 'The requesting app is of one of these kinds.',
    example: 'agent',
    isSubject: true,
    known: zApp.shape.kind.options,
    phrase: (kinds) => kinds.replace(/\b(agent|service)\b/g, '$1s').replace(/\bweb\b/g, 'web apps'),
    read: ({ app }) => [app.kind],
  }),
  tokenClause({
    name: 'app.owner',
    takes: 'ids of users',
    meaning: 'One of these users owns the requesting app.',
    example: 'usr_ada',
    phrase: (owners) => `owned by ${owners}`,
    read: ({ app }) => app.owners,
  }),
  singleClause({
    ...BOOLEAN,
    name: 'app.activeOwner',
    meaning: 'An active user owns the requesting app, or none does. Unregistered apps have no owner.',
    unknownWhen: 'the IdP is part of another app, which keeps the users',
    example: false,
    phrase: (value) => (value === 'true' ? 'with an active owner' : 'without an active owner'),
    read: ({ app }) => app.hasActiveOwner,
  }),
  tokenClause({
    name: 'user',
    takes: 'ids or usernames',
    meaning: 'The app acts for one of these users.',
    example: 'alice',
    phrase: (users) => `acting for ${users}`,
    read: ({ user }) => [user.id, user.username],
  }),
  tokenClause({
    name: 'subject.kind',
    takes: 'user or workload',
    meaning: 'The app acts for a user, or for itself as a workload.',
    example: 'workload',
    known: ['user', 'workload'],
    phrase: (kinds) => `acting for a ${kinds}`,
    read: ({ subjectKind }) => [subjectKind],
  }),
  tokenClause({
    name: 'group',
    takes: 'names of groups',
    meaning: 'The app acts for a member of one of these groups.',
    example: 'contractors',
    phrase: (groups) => `acting for members of ${groups}`,
    read: ({ user }) => user.groups,
  }),
  tokenClause({
    name: 'user.attributes.NAME',
    takes: 'values of the attribute NAME',
    meaning: 'The attribute NAME of the user has one of these values. Numbers and booleans equal their text.',
    unknownWhen: 'the user has no such attribute',
    example: ['R&D', 'Legal'],
    phrase: (values, name) => `acting for users whose ${name} is ${values}`,
    read: ({ user }, name) =>
      Object.hasOwn(user.attributes, name) ? [String(user.attributes[name])] : undefined,
  }),
  tokenClause({
    name: 'resourceApp',
    takes: 'ids of resource apps',
    meaning: 'The app requests access to one of these resource apps.',
    example: 'payroll',
    phrase: (resourceApps) => `at ${resourceApps}`,
    read: ({ resourceApp }) => [resourceApp.id],
  }),
  tokenClause({
    name: 'resource',
    takes: 'resource identifiers, compared byte for byte',
    meaning: 'One of these resources would be granted.',
    example: 'https://todo.example/mcp',
    phrase: (resources) => `reaching ${resources}`,
    read: ({ resource }) => resource,
  }),
  tokenClause({
    name: 'scope',
    takes: 'scopes',
    meaning: 'The request would be granted one of these scopes, before policies limit them.',
    example: ['todos.write', 'todos.delete'],
    phrase: (scopes) => `requesting ${scopes}`,
    read: ({ scope }) => scope,
  }),
  tokenClause({
    name: 'acr',
    takes: 'authentication context classes',
    meaning: 'The user signed in with one of these context classes.',
    unknownWhen: 'the sign-in has no context class',
    example: 'pwd',
    phrase: (classes) => `after sign-in with ${classes}`,
    ...readOpen(
      'acr',
      ({ acr }) => (acr === undefined ? undefined : [acr]),
      (written) => written.map(String),
    ),
  }),
  singleClause({
    ...duration,
    name: 'authAge.over',
    meaning: 'The user signed in longer ago than this; at exactly this age the clause does not match.',
    phrase: (age) => `signed in more than ${renderDuration(parseDurationSeconds(age) ?? 0)} ago`,
    ...readOpen('authTime', readAuthAgeSeconds, parseDurations),
    holds: (ageSeconds, limitSeconds) => ageSeconds > limitSeconds,
  }),
  singleClause({
    ...duration,
    name: 'authAge.under',
    meaning: 'The user signed in less long ago than this; at exactly this age the clause does not match.',
    phrase: (age) => `signed in less than ${renderDuration(parseDurationSeconds(age) ?? 0)} ago`,
    ...readOpen('authTime', readAuthAgeSeconds, (written) =>
      parseDurations(written).map((seconds) => seconds - 1),
    ),
    holds: (ageSeconds, limitSeconds) => ageSeconds < limitSeconds,
  }),
  rangeClause({
    ...network,
    name: 'network',
    meaning: "The client's address is in one of these networks.",
    example: ['10.0.0.0/8', '2001:db8::/32'],
    phrase: (networks) => `from ${networks}`,
    isOutside: false,
  }),
  rangeClause({
    ...network,
    name: 'network.outside',
    meaning: "The client's address is in none of these networks.",
    example: ['10.0.0.0/8', '2001:db8::/32'],
    phrase: (networks) => `from outside ${networks}`,
    isOutside: true,
  }),
  rangeClause({
    ...window,
    name: 'time.within',
    meaning: 'One of these windows is open. The first minute is inside, the end is not.',
    phrase: (windows) => `during ${windows}`,
    isOutside: false,
  }),
  rangeClause({
    ...window,
    name: 'time.outside',
    meaning: 'None of these windows is open.',
    phrase: (windows) => `outside ${windows}`,
    isOutside: true,
  }),
  singleClause({
    ...BOOLEAN,
    name: 'dpop',
    meaning: 'The request proves possession of a key with DPoP, or does not.',
    example: false,
    phrase: (value) => (value === 'true' ? 'with a DPoP proof' : 'without a DPoP proof'),
    ...readOpen(
      'dpop',
      ({ dpop }) => dpop,
      () => true,
    ),
  }),
  singleClause({
    name: VOLUME_CLAUSE,
    takes: 'one whole number',
    meaning:
      'In the last hour the app was granted access for the same user more often than this, not counting this request.',
    unknownWhen: 'the volume was not counted',
    example: 100,
    phrase: (count) => `after more than ${count} grants in an hour`,
    parse: parseCount,
    expected: { problem: 'this is not a whole number', fix: 'write a whole number, 0 or more' },
    ...readOpen(
      'volume',
      ({ volumeLastHour }) => volumeLastHour,
      (written) => written.map(Number),
    ),
    holds: (seen, value) => seen > value,
    show: (seen) => seen,
  }),
]

/** Clause names as written in `when`; `user.attributes.NAME` represents one clause per attribute. */
export const CLAUSE_NAMES: readonly string[] = CLAUSES.map(({ name }) => name)

/** @returns what each clause accepts and means, in the order of the reference page */
export function describeClauses(): readonly Pick<
  ClauseType,
  'name' | 'takes' | 'meaning' | 'unknownWhen' | 'example'
>[] {
  return CLAUSES.map(({ name, takes, meaning, unknownWhen, example }) => ({
    name,
    takes,
    meaning,
    ...(unknownWhen === undefined ? {} : { unknownWhen }),
    example,
  }))
}

const byName = new Map(CLAUSES.map((type) => [type.name, type]))
const ATTRIBUTE = /^user\.attributes\.[^\s.]+$/

/** @returns the clause type for a written name; undefined if there is no such clause */
export function findClauseType(name: string): ClauseType | undefined {
  return byName.get(ATTRIBUTE.test(name) ? 'user.attributes.NAME' : name)
}

/** @returns whether one of these clauses reads the input */
export function readsInput(when: PolicyDefinition['when'], input: OpenInput): boolean {
  return Object.keys(when).some((name) => findClauseType(name)?.open?.input === input)
}

// A sign-in time in the future is due to clock skew: it counts as fresh.
function readAuthAgeSeconds({ now, authTime }: Pick<RuleFacts, 'now' | 'authTime'>): number | undefined {
  return authTime === undefined ? undefined : Math.max(0, now - authTime)
}

// Hundreds of network rules may check the same address in turn, so the last one is kept.
let lastAddress: { readonly text: string; readonly address: Address | undefined } | undefined

function readAddress({ ip }: Pick<RuleFacts, 'ip'>): Address | undefined {
  if (ip === undefined) return undefined
  if (lastAddress?.text !== ip) lastAddress = { text: ip, address: parseAddress(ip) }
  return lastAddress.address
}

function parseBoolean(value: string | number | boolean): boolean | undefined {
  if (value === true || value === 'true') return true
  return value === false || value === 'false' ? false : undefined
}

function parseCount(value: string | number | boolean): number | undefined {
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}
