// What each role sees of a decision. Administrators, responders and auditors see the full record. Helpdesk does not see
// policy texts. App owners and developers see the requests of their app, with all organisation checks reduced to one
// row, so that users, rules, assignments and blocks stay hidden.
import { type Check, type DecisionRecord, dropUndefined, type Granted } from '@crosswalk/protocol'

import type { Caller } from '../http/context.ts'

const DEVELOPER_ROLES: ReadonlySet<string> = new Set(['app-owner', 'developer'])

/** Checks that reveal why the organisation decided as it did. */
const ORGANISATION_CHECK =
  /^(?:people\b|policy\.|blocks$|connection\.(?:active|period|window)$|subject_token\.chain$|granted\.lifetime$|account$)/
/** Checks of what was sent; if the organisation denied the request, the other checks depend on the reason. */
const SENT_CHECK =
  /^(?:request\.|client\.|dpop\.proof$|subject_token\b(?!\.chain)|assertion\.|target\b|connection\.exists$)/
/** Codes that mean the same to the caller: not for this user, not now. The rate limit is visible on the wire anyway. */
const ORGANISATION_CODE = /^XAA(?:1220|140[2-5]|15\d\d|17\d\d|1802|190[123]|230\d)$/

/** The subject token itself was refused, so what was looked up by it stays hidden. */
const SUBJECT_CODE = /^XAA12\d\d$/

const ORGANISATION = {
  code: 'organisation-rule',
  kind: 'organisation',
  check: 'organisation.rule',
  sentence: 'The organisation does not allow this. The request is well formed; retrying will not help.',
} as const

export function isDeveloper({ role }: Pick<Caller, 'role'>): boolean {
  return DEVELOPER_ROLES.has(role)
}

/** @returns the record as the caller may see it */
export function showDecision(record: DecisionRecord, caller: Pick<Caller, 'role'>): DecisionRecord {
  if (caller.role === 'helpdesk') return { ...record, policies: [] }
  return isDeveloper(caller) ? showToDeveloper(record) : record
}

function showToDeveloper(record: DecisionRecord): DecisionRecord {
  const byOrganisation = ORGANISATION_CODE.test(record.code)
  // Every other failed check is about a user that developers may no longer see.
  const bySubject = SUBJECT_CODE.test(record.code)
  const { timing_ms: _, ...rest } = record
  return {
    ...rest,
    ...(byOrganisation
      ? {
          code: ORGANISATION.code,
          kind: ORGANISATION.kind,
          summary: {
            user: ORGANISATION.sentence,
            developer: ORGANISATION.sentence,
            admin: ORGANISATION.sentence,
          },
        }
      : { summary: { ...record.summary, admin: record.summary.developer } }),
    request: showRequest(record.request),
    resolution: showResolution(record.resolution),
    checks: bySubject ? listSent(record.checks) : collapseChecks(record.checks, byOrganisation),
    policies: [],
    granted: record.granted && showGranted(record.granted),
    narrowed:
      byOrganisation || bySubject ? [] : record.narrowed.map((cut) => ({ ...cut, by: ORGANISATION.code })),
    remedies: byOrganisation ? [] : record.remedies.filter(({ owner }) => owner === 'developer').map(bare),
    snapshot: {},
  }
}

/** Without the account at the resource and the user at the IdP, which a pairwise subject hides even from the app. */
function showGranted({ subject: { value: _, ...subject }, ...granted }: Granted): Granted {
  return { ...granted, subject }
}

/** Shows what the app itself sent, and nothing that was looked up from it. */
function showRequest({ subject, context: _, ...request }: DecisionRecord['request']) {
  const { token_type: tokenType } = subject ?? {}
  return {
    ...request,
    context: {},
    subject: subject === null ? null : tokenType === undefined ? {} : { token_type: tokenType },
  }
}

function showResolution({ resource_app: resourceApp, how, connection }: DecisionRecord['resolution']) {
  return {
    candidates: [],
    ...dropUndefined({ resource_app: resourceApp, how, connection }),
  }
}

/** One row for all organisation checks. Of the others, the results and what was sent. */
function collapseChecks(checks: readonly Check[], onlySent: boolean): Check[] {
  const own = checks.filter(({ id }) => ORGANISATION_CHECK.test(id))
  const rest = onlySent
    ? listSent(checks)
    : checks.filter(({ id }) => !ORGANISATION_CHECK.test(id)).map(showCheck)
  if (own.length === 0) return rest
  const refused = own.some(({ result }) => result === 'fail' || result === 'unknown')
  return [...rest, { id: ORGANISATION.check, result: refused ? 'fail' : 'pass' }]
}

function listSent(checks: readonly Check[]): Check[] {
  return checks.filter(({ id }) => SENT_CHECK.test(id)).map(showCheck)
}

/** Drops the references: the reason for skipping a check may identify a user. */
function showCheck({ ref: _, via: __, because: ___, ...check }: Check): Check {
  return check
}

function bare({ rank, owner, text }: DecisionRecord['remedies'][number]): DecisionRecord['remedies'][number] {
  return { rank, owner, text }
}
