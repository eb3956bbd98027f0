// The latest changes of administrators.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import { type AdminEvent, nameOfType } from '../activity/event.ts'
import { EventActor, EventTarget } from '../activity/event-parties.tsx'

const SHOWN = 6
/** Excludes reads, which are logged too. */
const ONLY_READ = /^(simulation|audit|policy_suite)\b|\.(run|read|exported|verified)$/

export function ChangesList() {
  const query = useApi('audit.list', { query: { log: 'admin', limit: 50 } })
  return (
    <section className="cw-card">
      <div className="cw-row">
        <h2>{text('overview.changes')}</h2>
        <Link to="/audit">{text('nav.audit')}</Link>
      </div>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { items } }) => {
          const changes = items.filter(({ type }) => !ONLY_READ.test(type)).slice(0, SHOWN)
          if (changes.length === 0) return <p className="cw-quiet-text">{text('overview.noChanges')}</p>
          return (
            <ul className="cw-plain-list">
              {changes.map((event) => (
                <Change key={event.id} event={event} />
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}

function Change({ event }: { readonly event: AdminEvent }) {
  return (
    <li className="cw-change">
      <span>
        <strong>{nameOfType(event.type)}</strong> <EventTarget event={event} />
        {event.reason === undefined ? null : <span className="cw-quiet-text"> · {event.reason}</span>}
      </span>
      <span className="cw-quiet-text">
        <EventActor event={event} /> · <RelativeTime moment={event.time} />
      </span>
    </li>
  )
}
