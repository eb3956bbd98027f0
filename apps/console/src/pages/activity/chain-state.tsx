// Log integrity: the last verification and its result, the retention period, and the legal hold.
import { Button } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useEffect, useState } from 'react'

import { adminApi } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { StateChip } from '../../components/chips.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import type { AdminEvent } from './event.ts'
import { HoldDialogs } from '../settings/hold-dialogs.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

type Verification = AnswerTo<'audit.verify'>

export function ChainState({ verifications }: { readonly verifications: number }) {
  const run = useVerification(verifications)
  return (
    <div className="cw-two cw-chain">
      <section className="cw-card" aria-live="polite" aria-busy={run.busy}>
        <h2>{text('audit.chain')}</h2>
        {run.error === undefined ? null : <ChangeProblem error={run.error} />}
        {run.busy ? (
          <Loading lines={2} />
        ) : run.found === undefined ? (
          <LastVerified />
        ) : (
          <Found found={run.found} />
        )}
      </section>
      <section className="cw-card">
        <h2>{text('word.retention')}</h2>
        <Retention />
      </section>
    </div>
  )
}

/** Runs whenever the count increases. Never automatic, since each verification is recorded. */
function useVerification(count: number) {
  const [state, setState] = useState<{ busy: boolean; found?: Verification; error?: unknown }>({
    busy: false,
  })
  const queries = useQueryClient()
  useEffect(() => {
    if (count === 0) return
    setState({ busy: true })
    adminApi
      .call('audit.verify', {})
      .then(({ body }) => setState({ busy: false, found: body }))
      .catch((error: unknown) => setState({ busy: false, error }))
      .finally(() => void queries.invalidateQueries({ queryKey: ['audit'] }))
  }, [count, queries])
  return state
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
              {text('audit.verifiedThen', { count: formatNumber(Number(last.change?.['events'] ?? 0)) })}{' '}
              <RelativeTime moment={last.time} />
            </span>
          </p>
        )
      }}
    </Loaded>
  )
}

function Found({ found }: { readonly found: Verification }) {
  const { ok, events, foreignCheckpoints, logs } = found
  return (
    <>
      <p className="cw-title-row">
        <StateChip state={ok ? 'ok' : 'deny'} label={text(ok ? 'audit.unbroken' : 'audit.broken')} />
        <span>{countText('audit.oneEvent', 'audit.events', events)}</span>
      </p>
      {foreignCheckpoints === 0 ? null : (
        <p className="cw-check-failed">{text('audit.foreign', { count: foreignCheckpoints })}</p>
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
  const [asking, setAsking] = useState(false)
  const held = query.data?.body.hold ?? undefined
  const whyNot = useWhyNot()(held === undefined ? 'audit-retention.hold' : 'audit-retention.release')
  return (
    <Loaded query={query} skeleton={<Loading lines={2} />}>
      {({ body: { retentionDays } }) => (
        <>
          <p>
            {retentionDays === null
              ? text('audit.keptForever')
              : text('audit.keptDays', { days: formatNumber(retentionDays) })}
          </p>
          {held === undefined ? null : (
            <p className="cw-title-row">
              <StateChip state="warn" label={text('audit.held')} />
              <span>
                {text('audit.heldBy', { by: names.user(held.by), reason: held.reason })}{' '}
                <RelativeTime moment={held.since} />
              </span>
            </p>
          )}
          {whyNot === undefined ? (
            <Button
              mt="sm"
              leftSection={held === undefined ? smallIcon(IconLock) : smallIcon(IconLockOpen)}
              onClick={() => setAsking(true)}
            >
              {text(held === undefined ? 'retention.placeTitle' : 'retention.releaseTitle')}
            </Button>
          ) : (
            <p className="cw-quiet-text">{whyNot}</p>
          )}
          <HoldDialogs
            open={!asking ? undefined : held === undefined ? 'hold' : 'release'}
            close={() => setAsking(false)}
          />
        </>
      )}
    </Loaded>
  )
}
