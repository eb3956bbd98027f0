// The overview: decisions over time, what needs attention, and recent decisions.
import { lazy, Suspense } from 'react'
import { Link } from '@tanstack/react-router'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { DECISION_CODES, type XaaCode } from '@crosswalk/protocol'

import { useApi, useList, useReadOn } from '../../api/queries.ts'
import { DecisionChart } from '../../components/chart/decision-chart.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useCan, useSession } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { OutcomeChip, Token } from '../../components/chips.tsx'
import { ErrorState, Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useAttention } from './use-attention.ts'
import { type AdminEvent, nameOfEvent } from '../activity/event.ts'
import { isReadEvent } from '../activity/collapse-reads.ts'
import { EventActor, EventTarget } from '../activity/event-parties.tsx'

/** Loaded on demand, since few servers need either. */
const SetUpList = lazy(async () => ({ default: (await import('./set-up-list.tsx')).SetUpList }))
const ResourceTiles = lazy(async () => ({ default: (await import('./resource-tiles.tsx')).ResourceTiles }))

export function Page() {
  const can = useCan()
  const { issuer } = useSession()
  const sees = can('connections.list') && issuer !== undefined
  const connections = useApi('connections.list', { query: { limit: 1 } }, { enabled: sees })
  const empty = sees && connections.data?.body.items.length === 0
  if (empty) return <FirstSteps />
  return (
    <>
      <PageHeader title={text('word.overview')} lead={text('overview.lead')} />
      {can('decisions.summary') ? <DecisionChart about="access" /> : null}
      <Suspense>{issuer === undefined ? <ResourceTiles /> : null}</Suspense>
      <div className="cw-two cw-section">
        <NeedsAttention />
        {can('decisions.summary') ? <TopDenied /> : null}
        {can('decisions.list') ? <LatestDecisions /> : null}
        {can('audit.list') ? <ChangesList /> : null}
      </div>
    </>
  )
}

/** Without connections, shows the setup checklist instead. */
function FirstSteps() {
  return (
    <>
      <PageHeader title={text('word.noConnections')} lead={text('setUp.lead')} />
      <Suspense>
        <SetUpList />
      </Suspense>
    </>
  )
}

const SHOWN = 6

/** The latest decisions about access for a user; sign-ins are left out. */
function LatestDecisions() {
  const query = useApi('decisions.list', { query: { about: 'access', limit: SHOWN } })
  return (
    <section className="cw-card">
      <div className="cw-row">
        <h2>{text('overview.latest')}</h2>
        <Link to="/decisions">{text('overview.allDecisions')}</Link>
      </div>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { items } }) => {
          if (items.length === 0) return <p className="cw-quiet-text">{text('object.noDecisions')}</p>
          return (
            <ul className="cw-plain-list">
              {items.map(({ decision_id, outcome, narrowed, summary, time }) => (
                <li key={decision_id} className="cw-latest">
                  <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
                  <Link to="/decisions/$id" params={{ id: decision_id }} className="cw-first">
                    {summary.admin}
                  </Link>
                  <RelativeTime moment={time} />
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}

/** What needs attention, one line each; a single line if all is well. */
function NeedsAttention() {
  const { items, loading, error, retry } = useAttention()
  return (
    <section className="cw-card" aria-label={text('chip.warn')}>
      <h2>{text('chip.warn')}</h2>
      {error === null ? null : <ErrorState error={error} retry={retry} />}
      {loading && items.length === 0 ? <Loading /> : null}
      {!loading && error === null && items.length === 0 ? (
        <p className="cw-attention">
          <IconCircleCheck size={18} className="cw-check-pass" aria-hidden="true" />
          {text('attention.none')}
        </p>
      ) : null}
      <ul className="cw-plain-list">
        {items.map(({ id, label, to, isUrgent }) => {
          const Icon = isUrgent ? IconAlertTriangle : IconInfoCircle
          return (
            <li key={id} className="cw-attention">
              <Icon size={18} className={isUrgent ? 'cw-text-deny' : 'cw-text-warn'} aria-hidden="true" />
              <Link to={to}>{label}</Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Reads are logged too, and there may be many of them since the last change. */
const MAX_EVENTS = 500

/** The latest changes of administrators. */
function ChangesList() {
  const list = useList('audit.list', { log: 'admin' })
  const { items } = list
  const changes = items.filter((event) => !isReadEvent(event)).slice(0, SHOWN)
  const seeksMore = changes.length < SHOWN && items.length < MAX_EVENTS
  useReadOn(list, seeksMore)
  return (
    <section className="cw-card">
      <div className="cw-row">
        <h2>{text('overview.changes')}</h2>
        <Link to="/audit">{text('nav.audit')}</Link>
      </div>
      <Loaded query={list.query} skeleton={<Loading />}>
        {() =>
          changes.length > 0 ? (
            <ul className="cw-plain-list">
              {changes.map((event) => (
                <Change key={event.id} event={event} />
              ))}
            </ul>
          ) : seeksMore && list.hasMore ? (
            <Loading />
          ) : (
            <p className="cw-quiet-text">{text('overview.noChanges')}</p>
          )
        }
      </Loaded>
    </section>
  )
}

function Change({ event }: { readonly event: AdminEvent }) {
  return (
    <li className="cw-change">
      <span>
        <strong>{nameOfEvent(event)}</strong> <EventTarget event={event} />
        {event.reason === undefined ? null : <span className="cw-quiet-text"> · {event.reason}</span>}
      </span>
      <span className="cw-quiet-text">
        <EventActor event={event} /> · <RelativeTime moment={event.time} />
      </span>
    </li>
  )
}

const SHOWN_DENIED = 5

/** What most often got no token in the last 24 hours, whether denied or pending: each with its fix and a link to its decisions. */
function TopDenied() {
  const query = useApi('decisions.summary', { query: { about: 'access' } })
  return (
    <section className="cw-card">
      <h2>{text('overview.denied')}</h2>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { codes } }) => {
          const denied = codes.filter(({ outcome }) => outcome !== 'allow').slice(0, SHOWN_DENIED)
          if (denied.length === 0) return <p className="cw-quiet-text">{text('overview.noDenied')}</p>
          return (
            <ul className="cw-plain-list">
              {denied.map(({ code, count }) => (
                <li key={code} className="cw-denied">
                  <Link to="/decisions" search={{ code, period: '24h' }}>
                    {countText('overview.deniedOne', 'overview.deniedMany', count, {
                      meaning: meaningOf(code),
                    })}
                  </Link>
                  <span className="cw-quiet-text">
                    <Token tone="deny">{code}</Token> {fixOf(code)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}

function meaningOf(code: string): string {
  return code in DECISION_CODES ? DECISION_CODES[code as XaaCode].meaning : code
}

function fixOf(code: string): string {
  return code in DECISION_CODES ? DECISION_CODES[code as XaaCode].remedy : ''
}
