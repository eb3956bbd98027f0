// What should be looked at, one line each; a single line where all is well.
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { ErrorState, Loading } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { useAttention } from './use-attention.ts'

export function NeedsAttention() {
  const { items, loading, error, retry } = useAttention()
  return (
    <section className="cw-card" aria-label={text('attention.title')}>
      <h2>{text('attention.title')}</h2>
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
