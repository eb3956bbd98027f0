// The setup checklist: nine facts read from the server, and how the parties work together.
import { IconCircleCheck, IconCircleDashed, IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Progress } from '@mantine/core'

import { ErrorState, Loading } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { type SetUpItem, useSetUp } from './use-set-up.ts'

/** The checklist with its progress and the parties. */
export function SetUpList() {
  const { items, loading, failed } = useSetUp()
  if (failed !== undefined) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />
  if (loading) return <Loading lines={6} />
  const done = items.filter(({ state }) => state === 'done').length
  const progress = text('setUp.done', { done, all: items.length })
  return (
    <div className="cw-two">
      <div>
        <p role="status">{progress}</p>
        <Progress value={(100 * done) / items.length} aria-label={progress} mb="md" />
        <ol className="cw-plain-list cw-set-up">
          {items.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ol>
      </div>
      <section>
        <h2 className="cw-small-heading">{text('setUp.topology')}</h2>
        <SetUpTopology />
      </section>
    </div>
  )
}

const ICONS = {
  done: <IconCircleCheck size={22} className="cw-check-pass" aria-label={text('setUp.ok')} />,
  open: <IconCircleDashed size={22} className="cw-check-quiet" aria-label={text('setUp.open')} />,
  unsure: <IconCircleDashed size={22} className="cw-check-quiet" aria-label={text('setUp.unsure')} />,
  unknown: <IconLock size={22} className="cw-check-quiet" aria-label={text('setUp.unknown')} />,
} as const

function Item({ item: { id, state, to } }: { readonly item: SetUpItem }) {
  return (
    <li className="cw-card cw-set-up-item">
      {ICONS[state]}
      <div>
        <h3>{text(`setUp.${id}`)}</h3>
        {state === 'done' ? null : (
          <p className="cw-quiet-text">
            {state === 'open' ? text(`setUp.${id}How`) : text(`setUp.${state}`)}{' '}
            {to === undefined ? null : <Link to={to.path}>{to.label}</Link>}
          </p>
        )}
      </div>
    </li>
  )
}

const PARTIES = [
  ['word.requestingApp', 'topology.appDoes'],
  ['topology.idp', 'topology.idpDoes'],
  ['topology.as', 'topology.asDoes'],
  ['topology.api', 'topology.apiDoes'],
] as const

/**
 * Who talks to whom: the parties in a column, with the messages between them.
 */
function SetUpTopology() {
  return (
    <ol className="cw-topology">
      {PARTIES.map(([party, does]) => (
        <li key={party}>
          <strong>{text(party)}</strong>
          <span className="cw-quiet-text">{text(does)}</span>
        </li>
      ))}
    </ol>
  )
}
