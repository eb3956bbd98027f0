// Finds the nearest changes that end a grant: each single change after which the same evaluator would deny. Computed,
// never applied; changes that would only narrow the grant are not included.
import { type Assignments, type DecisionRecord, OPEN_INPUTS } from '@crosswalk/protocol'

import { findGrants, withoutGrant } from '../access-grants.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import { renderTime } from '../moment.ts'
import { listBranches } from './evaluate-branches.ts'
import {
  nameConnection,
  type Question,
  withApp,
  withConnection,
  withFacts,
  withResourceApp,
} from './change.ts'

export interface NearestDenial extends Pick<DecisionRecord, 'outcome' | 'code'> {
  /** The change, as a phrase: `signed in more than 12h ago` */
  readonly text: string
}

/** More would not help a reviewer. */
const MOST = 10

/** @returns empty unless the record is a grant */
export function findNearestDenial(question: Question, record: DecisionRecord): readonly NearestDenial[] {
  if (record.outcome !== 'allow') return []
  return [...listCircumstances(question), ...listMemberships(question, record), ...listEnd(question, record)]
    .filter(({ outcome }) => outcome !== 'allow')
    .slice(0, MOST)
}

function listCircumstances(question: Question): readonly NearestDenial[] {
  return OPEN_INPUTS.flatMap((input) => {
    const listed = listBranches(question, [input])
    if (listed.state === 'too-many') return []
    return listed.branches.map(({ when, record: { outcome, code } }) => ({
      text: when.map(({ text }) => text).join(', '),
      outcome,
      code,
    }))
  })
}

/** The group or the assignment by name that gives the user access. */
function listMemberships(question: Question, record: DecisionRecord): readonly NearestDenial[] {
  const { facts } = question
  const { user } = facts
  if (user === undefined) return []
  const without = user.groups.map((group) =>
    decide(
      `removed from the group ${group}`,
      withFacts(question, { user: { ...user, groups: user.groups.filter((one) => one !== group) } }),
    ),
  )
  return [...without, ...listAssignments(question, record, user), ...listGrants(question, record)]
}

function listGrants(question: Question, record: DecisionRecord): readonly NearestDenial[] {
  const { snapshot } = question
  return findUserGrants(question, record).map((grant) => {
    const accessGrants = withoutGrant(snapshot.accessGrants, grant)
    return decide(`access grant ${grant.id} revoked`, {
      ...question,
      snapshot: { ...snapshot, accessGrants },
    })
  })
}

function findUserGrants({ facts, snapshot }: Question, { resolution }: DecisionRecord) {
  const { user, nowMs } = facts
  const { connection } = resolution
  if (user === undefined || connection === undefined) return []
  return findGrants(snapshot.accessGrants, { connection, user: user.id }, Math.floor(nowMs / 1000))
}

function listAssignments(
  question: Question,
  record: DecisionRecord,
  user: NonNullable<Question['facts']['user']>,
): readonly NearestDenial[] {
  const { snapshot } = question
  const app = snapshot.apps.get(record.request.requesting_app?.id ?? '')
  const resourceApp = snapshot.resourceApps.get(record.resolution.resource_app ?? '')
  const connection = findConnection(question, record)
  const isNamed = ({ assignments }: Assigned) => assignments.users.includes(user.id)
  const leave = ({ assignments }: Assigned) => ({
    assignments: { ...assignments, users: assignments.users.filter((one) => one !== user.id) },
  })
  return [
    ...(app !== undefined && isNamed(app)
      ? [decide(`no longer assigned to ${app.name} by name`, withApp(question, app.id, leave(app)))]
      : []),
    ...(resourceApp !== undefined && isNamed(resourceApp)
      ? [
          decide(
            `no longer assigned to ${resourceApp.name} by name`,
            withResourceApp(question, resourceApp.id, leave(resourceApp)),
          ),
        ]
      : []),
    ...(connection !== undefined && isNamed(connection)
      ? [
          decide(
            `no longer in the connection ${nameConnection(connection, snapshot)} by name`,
            withConnection(question, connection, leave(connection)),
          ),
        ]
      : []),
  ]
}

interface Assigned {
  readonly assignments: Assignments
}

function listEnd(question: Question, record: DecisionRecord): readonly NearestDenial[] {
  const ends = [findConnection(question, record), ...findUserGrants(question, record)].flatMap(
    (it) => it?.endsAt ?? [],
  )
  return [...new Set(ends)].map((endsAt) => {
    const nowMs = endsAt * 1000
    return decide(`requested at ${renderMinute(nowMs)} or later`, withFacts(question, { nowMs }))
  })
}

/** @returns for example 2027-01-15 09:00 UTC */
function renderMinute(epochMs: number): string {
  return renderTime(epochMs)
    .replace('T', ' ')
    .replace(/(:00)?\.000Z$/, ' UTC')
}

function findConnection({ snapshot }: Question, { resolution }: DecisionRecord) {
  return [...snapshot.connections.values()].find(({ id }) => id === resolution.connection)
}

function decide(text: string, { facts, snapshot }: Question): NearestDenial {
  const { outcome, code } = evaluateExchange(facts, snapshot)
  return { text, outcome, code }
}
