// Who is asked to decide an access request and until when, why no rule approved it, and how it was delegated.
import type { Fact } from '../../components/facts.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNames } from '../../session/names.ts'
import { countText, text } from '../../texts/text.ts'
import type { AccessRequest } from './inbox-items.ts'

export function useRoutingFacts(request: AccessRequest): readonly (Fact | null)[] {
  const names = useNames()
  const { days, asked, waits, delegations = [] } = request
  const nameAll = (ids: readonly string[]) => ids.map((id) => names.user(id)).join(', ')
  return [
    [
      text('inbox.days'),
      days === undefined ? text('word.noExpiry') : countText('inbox.day', 'inbox.dayMany', days),
    ],
    asked === undefined ? null : [text('inbox.decides'), nameAll(asked.users)],
    asked?.escalation === undefined
      ? null
      : [
          text('inbox.escalates'),
          <span>
            <RelativeTime moment={asked.escalation.at} /> · {nameAll(asked.escalation.to)}
          </span>,
        ],
    waits === undefined ? null : [text('inbox.waits'), text('inbox.waitsWhy', waits)],
    ...delegations.map(({ to, by, at, reason }): Fact => [
      text('inbox.delegated'),
      <span key={at}>
        {text('inbox.delegatedTo', { to: names.user(to), by: names.user(by) })} <RelativeTime moment={at} />
        {reason === undefined ? '' : ` · ${reason}`}
      </span>,
    ]),
  ]
}
