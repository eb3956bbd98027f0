// The last ten things administrators did.
import { useApi } from '../../api/queries.ts'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'

interface AdminEvent {
  readonly actor?: { readonly id?: string }
  readonly target?: { readonly kind?: string; readonly id?: string }
  readonly reason?: string
}

/** Asking is recorded as well; here only what changed something is of interest. */
const ONLY_ASKED = /^(simulation|audit|policy_suite)\b|\.(run|read|exported|verified)$/

export function ChangesList() {
  const query = useApi('audit.list', { query: { log: 'admin', limit: 50 } })
  return (
    <section className="cw-card">
      <h2>{text('overview.changes')}</h2>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { items } }) => {
          const changes = items.filter(({ type }) => !ONLY_ASKED.test(type)).slice(0, 10)
          if (changes.length === 0) return <p className="cw-quiet-text">{text('overview.noChanges')}</p>
          return (
            <ul className="cw-plain-list">
              {changes.map((event) => {
                const { actor, target, reason } = event as AdminEvent
                return (
                  <li key={event.id} className="cw-change">
                    <span>
                      <strong>{event.type.replaceAll(/[._]/g, ' ')}</strong> {target?.id}
                      {reason === undefined ? null : <span className="cw-quiet-text"> · {reason}</span>}
                    </span>
                    <span className="cw-quiet-text">
                      {actor?.id} · <RelativeTime moment={event.time} />
                    </span>
                  </li>
                )
              })}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}
