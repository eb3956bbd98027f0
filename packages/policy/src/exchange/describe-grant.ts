// What an allowed exchange grants, as the record states it.
import { type EpochSeconds, type Granted, SUBJECT_PROFILES } from '@crosswalk/protocol'

import type { Connection } from '../exchange-snapshot.ts'
import { readUserSource } from '../users.ts'
import type { Question } from './findings.ts'
import { findSessionExpiry } from './lifetime.ts'
import { findRequestingApp } from './requesting-app.ts'
import type { Target } from './target.ts'
import { isWorkload, nameWorkload } from './workload-checks.ts'

export interface Terms {
  readonly connection: Connection
  readonly resourceApp: NonNullable<Target['resourceApp']>
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly lifetimeSeconds: number
  readonly tokenEndsAt: EpochSeconds | undefined
  readonly sessionEndsAt: EpochSeconds | undefined
}

export function describeGrant(question: Question, terms: Terms): Granted {
  const { facts, asked, act } = question
  const { connection, resourceApp, resource, scope } = terms
  return {
    client_id: connection.clientId ?? '',
    audience: resourceApp.issuer,
    resource: [...resource],
    scope: [...scope],
    ...(asked.details.length === 0 ? {} : { authorization_details: [...asked.details] }),
    lifetime_seconds: terms.lifetimeSeconds,
    session_expiry: findSessionExpiry(terms),
    subject: describeSubject(question, resourceApp.subject),
    ...(facts.dpop.state === 'proved' ? { cnf: { jkt: facts.dpop.jkt } } : {}),
    ...(act === undefined ? {} : { act: { ...act } }),
  }
}

/** A workload is the same subject at every resource app; how a user is identified depends on the app. */
function describeSubject(
  { facts, snapshot }: Question,
  strategy: Terms['resourceApp']['subject'],
): Granted['subject'] {
  if (isWorkload(facts.subject)) {
    const app = findRequestingApp(facts, snapshot)
    const profile = app === undefined ? undefined : SUBJECT_PROFILES[app.kind]
    return { strategy: 'workload', value: nameWorkload(app?.id ?? ''), profile }
  }
  const value =
    facts.user === undefined || strategy === 'pairwise' ? undefined : readUserSource(strategy, facts.user)
  return { strategy, value: value === undefined ? undefined : String(value) }
}
