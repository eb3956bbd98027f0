// The number of items that wait for a decision of the user, next to the inbox in the menu.
import { useWaiting } from '../session/use-waiting.ts'
import { countText, formatNumber, text } from '../texts/text.ts'

export function InboxCount() {
  const waiting = useWaiting()
  if (waiting === undefined || waiting.count === 0) return null
  const { count, isMore } = waiting
  return (
    <span className="cw-nav-count">
      <span aria-hidden="true">{isMore ? text('nav.overCount', { count }) : formatNumber(count)}</span>
      <span className="cw-hidden">
        {isMore ? text('nav.overWaiting', { count }) : countText('nav.oneWaiting', 'nav.waiting', count)}
      </span>
    </span>
  )
}
