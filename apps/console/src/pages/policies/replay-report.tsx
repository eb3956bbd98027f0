// The effect of a draft on recent decisions: how many would differ, how, and for whom. States its sample and its limits.
import { IconHistory } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'

import { detailOf, fieldErrorsOf, kindOf } from '../../api/problem.ts'
import { useApi } from '../../api/queries.ts'
import { Loading, Loaded } from '../../components/states.tsx'
import { formatExact, RelativeTime } from '../../components/time.tsx'
import '../../texts/en/policy-tests.ts'
import { countText, formatNumber, text } from '../../texts/text.ts'
import type { Rule } from './rule.ts'
import { RuleProblems } from './rule-problems.tsx'

export type Report = Omit<AnswerTo<'replay'>, 'schema'>
type Body = CallTo<'replay'>['body']

/** Where the replay finds the policy in its request */
const RULE_PATH = '/document/idp/policies/0'

export function ReplayReport({ rule }: { readonly rule: Rule }) {
  const body = { document: { idp: { policies: [rule] } } } as unknown as Body
  const query = useApi('replay', { body }, { keepPrevious: true })
  // A policy can be submitted before the server has judged it.
  if (query.error !== null && kindOf(query.error) === 'invalid') {
    const problems = fieldErrorsOf(query.error).map((it) => ({ ...it, path: it.path.replace(RULE_PATH, '') }))
    return <RuleProblems problems={problems} detail={detailOf(query.error)} />
  }
  return (
    <div aria-live="polite" aria-busy={query.isFetching}>
      <Loaded query={query} skeleton={<Loading lines={4} />}>
        {({ body: report }) => <Differences report={report} />}
      </Loaded>
    </div>
  )
}

export function Differences({ report }: { readonly report: Report }) {
  const { decisions, unchanged, groups, indeterminate, skipped, sample } = report
  if (decisions === 0) return <p className="cw-quiet-text">{text('replay.nothing')}</p>
  const different = groups.reduce((sum, group) => sum + group.decisions, 0)
  return (
    <>
      <p>
        <IconHistory size={16} aria-hidden="true" className="cw-arrow" />{' '}
        <strong>
          {countText('replay.matchesOne', 'replay.matches', decisions, { changed: formatNumber(different) })}
        </strong>{' '}
        <span className="cw-quiet-text">
          {text('replay.unchanged', { count: formatNumber(unchanged) })}{' '}
          {sample.since === null
            ? ''
            : text(sample.complete ? 'replay.all' : 'replay.newest', { since: formatExact(sample.since) })}
        </span>
      </p>
      {groups.map((group) => (
        <Group key={group.kind} group={group} />
      ))}
      {indeterminate.decisions === 0 ? null : (
        <p className="cw-quiet-text">
          {text('replay.unknown', {
            count: formatNumber(indeterminate.decisions),
            missing: Object.keys(indeterminate.missing).join(', '),
          })}
        </p>
      )}
      {skipped.decisions === 0 ? null : (
        <p className="cw-quiet-text">{text('replay.skipped', { count: formatNumber(skipped.decisions) })}</p>
      )}
    </>
  )
}

function Group({ group }: { readonly group: Report['groups'][number] }) {
  return (
    <details className="cw-replay-group">
      <summary>
        <strong>{text(`replay.kind.${group.kind}`)}</strong>
        <span>{countText('replay.decision', 'replay.decisions', group.decisions)}</span>
        <span className="cw-quiet-text">
          {countText('inbox.userUsed', 'inbox.usersUsed', group.people)} ·{' '}
          {countText('graph.app', 'graph.apps', group.apps)}
        </span>
      </summary>
      <ul className="cw-plain-list">
        {group.examples.map(({ decisionId, time, app, user, target, from, to }) => (
          <li key={decisionId}>
            <Link to={`/decisions/${decisionId}`}>{text('replay.example', { app, user, target })}</Link>
            <span>
              {from} → {to}
            </span>
            <span className="cw-quiet-text">
              <RelativeTime moment={time} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
