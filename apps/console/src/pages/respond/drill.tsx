// A drill presses the kill switch for a test app and lifts it, so that the figures are known in advance. Recent kills and drills from the audit log
// are below.
import { Button } from '@mantine/core'
import { IconFireExtinguisher } from '@tabler/icons-react'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { useApi } from '../../api/queries.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { Section } from '../../components/page-header.tsx'
import { confirmWithReason, pickTyped } from '../../components/confirm.ts'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { showFailed } from '../../components/toasts.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { EventActor, EventTarget } from '../activity/event-parties.tsx'
import { KillResult, KillMeasurements } from './kill-result.tsx'
import { describeTarget, type Outcome } from './outcome.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import type { AdminEvent } from '../activity/event.ts'

/** Runs a real kill of the test app, then lifts its block. */
function useDrill(app: string) {
  const names = useNames()
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const [stillBlocked, setStillBlocked] = useState<Outcome | undefined>(undefined)
  async function drill(reason: string): Promise<void> {
    const why = text('drill.reason', { reason })
    const { body } = await sendChange('kill.press', {
      body: { target: { kind: 'app', id: app }, reason: why },
    })
    // The test app must not stay blocked after a failure; if lifting fails, the user sees it and can retry.
    try {
      await sendChange('kill.lift', { params: { id: body.id }, body: { reason: why } })
      setOutcome(body)
      setStillBlocked(undefined)
    } catch (error) {
      setStillBlocked(body)
      showFailed(error)
    }
  }
  const confirm = () =>
    confirmWithReason({
      danger: true,
      typeName: pickTyped(names.app(app), app),
      title: text('drill.startTitle', { app: names.app(app) }),
      confirmLabel: text('drill.start'),
      help: text('drill.startHelp'),
      confirm: drill,
    })
  return { outcome, stillBlocked, confirm, lifted: () => setStillBlocked(undefined) }
}

export function DrillSection() {
  const can = useCan()
  const names = useNames()
  const nameOf = ({ target }: Outcome) => describeTarget(names, target)
  const [app, setApp] = useState('')
  const { outcome, stillBlocked, confirm, lifted } = useDrill(app)
  const forbiddenReason = useForbiddenReason()('kill.press')
  return (
    <div className="cw-two">
      <Section title={text('drill.title')}>
        <div className="cw-card">
          <p>{text('drill.text')}</p>
          <div className="cw-drill-canary">
            <ObjectSelect
              of="apps"
              label={text('drill.canary')}
              description={text('drill.canaryHelp')}
              value={app}
              change={(id) => setApp(id ?? '')}
            />
          </div>
          <Button
            mt="sm"
            leftSection={smallIcon(IconFireExtinguisher)}
            disabled={app === '' || forbiddenReason !== undefined}
            onClick={confirm}
          >
            {text('drill.start')}
          </Button>
          {forbiddenReason === undefined ? null : <p className="cw-quiet-text">{forbiddenReason}</p>}
          {stillBlocked === undefined ? null : (
            <>
              <p role="alert">{text('drill.standing', { app: nameOf(stillBlocked) })}</p>
              <KillResult outcome={stillBlocked} lifted={lifted} />
            </>
          )}
          {outcome === undefined || stillBlocked !== undefined ? null : (
            <div role="status">
              <p className="cw-drill-done">{text('drill.done', { app: nameOf(outcome) })}</p>
              <KillMeasurements outcome={outcome} />
            </div>
          )}
        </div>
      </Section>
      <Section title={text('drill.last')}>
        <div className="cw-card">{can('audit.list') ? <RecentKills /> : <p>{text('drill.noAudit')}</p>}</div>
      </Section>
    </div>
  )
}

function RecentKills() {
  const query = useApi('audit.list', { query: { log: 'admin', type: 'kill.effective', limit: 10 } })
  return (
    <Loaded query={query} skeleton={<Loading />}>
      {({ body: { items } }) =>
        items.length === 0 ? (
          <p className="cw-quiet-text">{text('drill.never')}</p>
        ) : (
          <ul className="cw-plain-list">
            {items.map((event) => (
              <KillLine key={event.id} event={event} />
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

function KillLine({ event }: { readonly event: AdminEvent }) {
  const { target, reason, change } = event
  return (
    <li className="cw-change">
      <span>
        <strong>{target?.id === '*' ? text('kill.everythingName') : <EventTarget event={event} />}</strong>
        {reason === undefined ? null : <span className="cw-quiet-text"> · {reason}</span>}
        {change?.['blockedMs'] === undefined ? null : (
          <>
            {' '}
            ·{' '}
            {text('drill.measured', {
              blocked: Number(change['blockedMs']),
              effective: Number(change['effectiveMs']),
            })}
          </>
        )}
      </span>
      <span className="cw-quiet-text">
        <EventActor event={event} /> · <RelativeTime moment={event.time} />
      </span>
    </li>
  )
}
