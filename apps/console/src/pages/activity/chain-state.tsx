// Log integrity: the last verification and its result, the retention period, and the legal hold.
import type { UseMutationResult } from '@tanstack/react-query'
import type { AdminAnswer, AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { ActionButton } from '../../components/actions.tsx'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { StateChip } from '../../components/chips.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import type { AdminEvent } from './event.ts'
import { PLACE_HOLD, RELEASE_HOLD } from '../settings/legal-hold-actions.tsx'

type Verification = AnswerTo<'audit.verify'>

interface ChainStateProps {
  readonly verification: Pick<UseMutationResult<AdminAnswer<Verification>>, 'isPending' | 'data' | 'error'>
}

export function ChainState({ verification: { isPending, data, error } }: ChainStateProps) {
  return (
    <div className="cw-two cw-chain">
      <section className="cw-card" aria-live="polite" aria-busy={isPending}>
        <h2>{text('audit.chain')}</h2>
        {error === null ? null : <ChangeProblem error={error} />}
        {isPending ? (
          <Loading lines={2} />
        ) : data === undefined ? (
          <LastVerified />
        ) : (
          <VerificationResult found={data.body} />
        )}
      </section>
      <section className="cw-card">
        <h2>{text('word.retention')}</h2>
        <Retention />
      </section>
    </div>
  )
}

function LastVerified() {
  const query = useApi('audit.list', { query: { log: 'admin', type: 'audit.verified', limit: 1 } })
  return (
    <Loaded query={query} skeleton={<Loading lines={2} />}>
      {({ body: { items } }) => {
        const [last] = items as readonly AdminEvent[]
        if (last === undefined) return <p>{text('audit.neverVerified')}</p>
        const good = last.outcome === 'success'
        return (
          <p className="cw-title-row">
            <StateChip state={good ? 'ok' : 'deny'} label={text(good ? 'audit.unbroken' : 'audit.broken')} />
            <span>
              {countText('audit.oneVerifiedThen', 'audit.verifiedThen', Number(last.change?.['events'] ?? 0))}{' '}
              <RelativeTime moment={last.time} />
            </span>
          </p>
        )
      }}
    </Loaded>
  )
}

function VerificationResult({ found }: { readonly found: Verification }) {
  const { ok, events, foreignCheckpoints, logs } = found
  return (
    <>
      <p className="cw-title-row">
        <StateChip state={ok ? 'ok' : 'deny'} label={text(ok ? 'audit.unbroken' : 'audit.broken')} />
        <span>{countText('audit.oneEvent', 'audit.events', events)}</span>
      </p>
      {foreignCheckpoints === 0 ? null : (
        <p className="cw-check-failed">
          {countText('audit.oneForeign', 'audit.foreign', foreignCheckpoints)}
        </p>
      )}
      <ul className="cw-plain-list cw-chain-logs">
        {logs.map((log) => (
          <li key={log.chain} className={log.ok ? undefined : 'cw-check-failed'}>
            <strong>{log.chain}</strong>
            <span>
              {log.firstBad === undefined
                ? text('audit.head', { seq: formatNumber(log.head.seq), checkpoints: log.checkpoints })
                : text('audit.firstBad', { seq: log.firstBad.seq, why: log.firstBad.why })}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Retention() {
  const query = useApi('audit-retention.read', {})
  const names = useNames()
  const held = query.data?.body.hold ?? undefined
  return (
    <Loaded query={query} skeleton={<Loading lines={2} />}>
      {({ body: { retentionDays } }) => (
        <>
          <p>
            {retentionDays === null
              ? text('audit.keptForever')
              : countText('audit.keptDay', 'audit.keptDays', retentionDays)}
          </p>
          {held === undefined ? null : (
            <p className="cw-title-row">
              <StateChip state="warn" label={text('retention.hold')} />
              <span>
                {text('audit.heldBy', { by: names.user(held.by), reason: held.reason })}{' '}
                <RelativeTime moment={held.since} />
              </span>
            </p>
          )}
          <div className="cw-below">
            <ActionButton action={held === undefined ? PLACE_HOLD : RELEASE_HOLD} />
          </div>
        </>
      )}
    </Loaded>
  )
}
