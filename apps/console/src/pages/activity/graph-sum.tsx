// The potential and the actual use of the connections in the graph.
import type { ConnectionFacts, FactsById } from '../../api/facts.ts'
import { countText, formatNumber, text } from '../../texts/text.ts'
import type { Connection } from '../../components/object/connection-state.ts'

interface SumProps {
  readonly items: readonly Connection[]
  readonly facts: FactsById<ConnectionFacts>
  /** There are connections that are not shown yet */
  readonly more: boolean
}

export function GraphSum({ items, facts, more }: SumProps) {
  const unused = items.filter(({ id }) => facts.has(id) && facts.get(id)?.lastUsedAt === null).length
  const count = (of: (one: Connection) => readonly string[]) => formatNumber(new Set(items.flatMap(of)).size)
  return (
    <p className="cw-sentence" role="status">
      {text('graph.sum', {
        connections: formatNumber(items.length),
        apps: count(({ app }) => [app]),
        resources: count(({ resourceApp }) => [resourceApp]),
        scopes: count(({ scopes }) => scopes),
      })}{' '}
      {unused === 0 ? '' : countText('graph.unusedOne', 'graph.unusedMany', unused)}{' '}
      {more ? text('graph.sumMore') : ''}
    </p>
  )
}
