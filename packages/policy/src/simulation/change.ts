// One possible change, and the question as it would be after it. Changes are never applied here.
import type { Assignments, Check, DecisionRecord, Remedy } from '@crosswalk/protocol'

import type { ExchangeFacts } from '../exchange-facts.ts'
import { type Connection, connectionKey, type ExchangeSnapshot } from '../exchange-snapshot.ts'
import { renderApiCall } from './api-call.ts'
import { buildCommand } from './command-line.ts'

/** The input of an evaluation: a request and the current definitions. */
export interface Question {
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
}

/** The context of a failed check. */
export interface Situation {
  readonly question: Question
  readonly record: DecisionRecord
  readonly check: Check
  readonly connection: Connection | undefined
  readonly userId: string
  /** The user's name in sentences */
  readonly who: string
  /** The connection's name in sentences: its two apps */
  readonly connectionName: string
}

/** @returns the two apps, as summaries and the console name a connection */
export function nameConnection(
  { app, resourceApp }: Connection,
  { apps, resourceApps }: ExchangeSnapshot,
): string {
  return `${apps.get(app)?.name ?? app} → ${resourceApps.get(resourceApp)?.name ?? resourceApp}`
}

/** Maximum number of alternatives of one kind; more would not help anyone choose. */
export const MAX_ALTERNATIVES = 5

export interface Change extends Pick<Remedy, 'owner' | 'text' | 'cli' | 'api' | 'ask'> {
  /** Identifies the change, so that a set never contains it twice */
  readonly id: string
  /** The definition it changes; if the configuration file owns it, the change is proposed there instead */
  readonly edit?: DefinitionEdit
  apply(question: Question): Question
}

export interface DefinitionEdit {
  readonly collection: 'users' | 'apps' | 'resource-apps' | 'connections'
  readonly id: string
  /** RFC 7396 */
  readonly patch: Readonly<Record<string, unknown>>
}

/** @returns the change of a definition, with the admin API call that makes it */
export function editDefinition(
  edit: DefinitionEdit,
  { words, ...change }: Pick<Change, 'id' | 'text' | 'apply'> & { readonly words?: readonly string[] },
): Change {
  return {
    ...change,
    owner: 'administrator',
    edit,
    ...(words === undefined ? {} : { cli: buildCommand(...words) }),
    api: renderApiCall('PATCH', [edit.collection, edit.id], edit.patch),
  }
}

export function withConnection(
  { facts, snapshot }: Question,
  connection: Connection,
  change: Partial<Connection>,
): Question {
  const key = connectionKey(connection.app, connection.resourceApp)
  const current = snapshot.connections.get(key) ?? connection
  const connections = new Map(snapshot.connections).set(key, { ...current, ...change })
  return { facts, snapshot: { ...snapshot, connections } }
}

export function withApp(
  { facts, snapshot }: Question,
  id: string,
  change: Partial<ExchangeSnapshot['apps'] extends ReadonlyMap<string, infer T> ? T : never>,
): Question {
  const app = snapshot.apps.get(id)
  if (app === undefined) return { facts, snapshot }
  return { facts, snapshot: { ...snapshot, apps: new Map(snapshot.apps).set(id, { ...app, ...change }) } }
}

type ResourceApp = ExchangeSnapshot['resourceApps'] extends ReadonlyMap<string, infer T> ? T : never

export function withResourceApp(
  { facts, snapshot }: Question,
  id: string,
  change: Partial<ResourceApp>,
): Question {
  const before = snapshot.resourceApps.get(id)
  if (before === undefined) return { facts, snapshot }
  const after = { ...before, ...change }
  const audiences = new Map(
    [...snapshot.audiences].map(([name, behind]) => [
      name,
      behind.map((resourceApp) => (resourceApp.id === id ? after : resourceApp)),
    ]),
  )
  const resourceApps = new Map(snapshot.resourceApps).set(id, after)
  return { facts, snapshot: { ...snapshot, audiences, resourceApps } }
}

export function withFacts({ facts, snapshot }: Question, change: Partial<ExchangeFacts>): Question {
  return { facts: { ...facts, ...change }, snapshot }
}

export function withoutBlock({ facts, snapshot }: Question, id: string): Question {
  return { facts, snapshot: { ...snapshot, blocks: snapshot.blocks.filter((block) => block.id !== id) } }
}

export function withRequest(question: Question, change: Partial<ExchangeFacts['request']>): Question {
  return withFacts(question, { request: { ...question.facts.request, ...change } })
}

export function addUser(assignments: Assignments, userId: string): Assignments {
  return { ...assignments, users: [...new Set([...assignments.users, userId])] }
}
