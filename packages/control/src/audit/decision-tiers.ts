// Who learns what of a decision. Administrators, responders and auditors see the record as it is. Helpdesk does not see the
// text of policies. Owners of the app see its requests: what the organisation has against it is one row,
// whatever it was, so that nothing about users, rules, assignments or blocks is told.
import { type Check, type DecisionRecord, dropUndefined } from '@crosswalk/protocol'

import type { Caller } from '../http/context.ts'

const DEVELOPER_ROLES: ReadonlySet<string> = new Set(['app-owner', 'developer'])

/** Rows of a record that say why the organisation decided as it did. */
const ORGANISATION_CHECK =
  /^(?:people\b|policy\.|blocks$|connection\.(?:active|period|window)$|subject_token\.chain$|granted\.lifetime$|account$)/
/** Rows about what was sent; where the organisation refused, the others depend on why. */
const SENT_CHECK =
  /^(?:request\.|client\.|dpop\.proof$|subject_token\b(?!\.chain)|assertion\.|target\b|connection\.exists$)/
/** Codes that mean the same to the caller: not for this user, not now. The rate limit shows on the wire anyway. */
const ORGANISATION_CODE = /^XAA(?:1220|140[2-5]|15\d\d|17\d\d|1802|190[123]|230\d)$/

/** The subject token itself was refused: what was looked up by it is not theirs to know. */
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
  // Whatever else failed is about a user that is not known any more.
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
    narrowed:
      byOrganisation || bySubject ? [] : record.narrowed.map((cut) => ({ ...cut, by: ORGANISATION.code })),
    remedies: byOrganisation ? [] : record.remedies.filter(({ owner }) => owner === 'developer').map(bare),
    snapshot: {},
  }
}

/** What they sent themselves, and nothing that was looked up by it. */
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

/** One row for all that is the organisation's; of the others the result, and what was sent. */
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

/** What a check was skipped for may be a user's. */
function showCheck({ ref: _, via: __, because: ___, ...check }: Check): Check {
  return check
}

function bare({ rank, owner, text }: DecisionRecord['remedies'][number]): DecisionRecord['remedies'][number] {
  return { rank, owner, text }
}
