// All scopes of a resource app by resource, with the connections that grant them.
import { Link } from '@tanstack/react-router'

import type { ResourceApp } from '../../api/objects.ts'
import { useCompleteList } from '../../api/queries.ts'
import { StateChip, Token } from '../../components/chips.tsx'
import { Section } from '../../components/page-header.tsx'
import { EmptyState, ErrorState } from '../../components/states.tsx'
import { countText, text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { SmallTable } from '../../components/small-table.tsx'
import { pathOf } from '../../components/object/object-path.ts'

export function ScopeCatalogue({ resourceApp }: { readonly resourceApp: ResourceApp }) {
  const list = useCompleteList('connections.list', { resourceApp: resourceApp.id })
  const names = useNames()
  const meanings = new Map(Object.entries(resourceApp.scopeMeanings ?? {}))
  if (resourceApp.resources.every(({ scopes }) => scopes.length === 0))
    return <EmptyState title={text('scopes.none')}>{text('resourceApp.noScopesText')}</EmptyState>
  if (list.query.error !== null) return <ErrorState error={list.query.error} />
  return (
    <>
      {resourceApp.resources.map(({ id, scopes }) => (
        <Section key={id} title={id}>
          <SmallTable
            label={id}
            headers={[
              text('resourceApp.scope'),
              ...(meanings.size === 0 ? [] : [text('meaning.title')]),
              text('resourceApp.allowedApps'),
            ]}
            rows={scopes.map((scope) => ({
              id: scope,
              cells: [
                <Token>{scope}</Token>,
                ...(meanings.size === 0 ? [] : [<Meaning entry={meanings.get(scope)} />]),
                <ConnectedApps
                  connections={list.items.filter(
                    (one) => one.resources.includes(id) && one.scopes.includes(scope),
                  )}
                  names={names}
                  resourceApp={resourceApp.id}
                  whole={list.isComplete}
                />,
              ],
            }))}
          />
        </Section>
      ))}
      {list.hasMore ? (
        <button type="button" className="cw-link-button" onClick={list.showMore}>
          {text('resourceApp.moreConnections')}
        </button>
      ) : null}
    </>
  )
}

function Meaning({
  entry,
}: {
  readonly entry: NonNullable<ResourceApp['scopeMeanings']>[string] | undefined
}) {
  if (entry === undefined) return <span className="cw-quiet-text">{text('approval.noMeaning')}</span>
  const { description, risk, tools, needsApproval } = entry
  return (
    <>
      {description === undefined ? null : <p>{description}</p>}
      <span className="cw-tokens">
        {needsApproval ? <StateChip state="pending" label={text('meaning.needsApproval')} /> : null}
        {risk === undefined ? null : <Token>{text('approval.risk', { n: risk })}</Token>}
        {tools.map((tool) => (
          <Token key={tool}>{tool}</Token>
        ))}
      </span>
    </>
  )
}

interface ConnectedAppsProps {
  readonly connections: readonly { readonly id: string; readonly app: string }[]
  readonly names: Names
  readonly resourceApp: string
  /** false if not all connections were read */
  readonly whole: boolean
}

/** The connections of a resource app have a list of their own. */
const MAX_NAMED = 20

function ConnectedApps({ connections, names, resourceApp, whole }: ConnectedAppsProps) {
  const more = connections.length - MAX_NAMED
  if (connections.length === 0)
    return (
      <span className="cw-quiet-text">
        {text(whole ? 'resourceApp.toNobody' : 'resourceApp.toNobodyYet')}
      </span>
    )
  return (
    <span className="cw-tokens">
      {connections.slice(0, MAX_NAMED).map(({ id, app }) => (
        <Link key={id} to={pathOf('connection', id)}>
          {names.app(app)}
        </Link>
      ))}
      {more <= 0 ? null : (
        <Link to={pathOf('resource_app', resourceApp)} search={{ tab: 'connections' }}>
          {countText('resourceApps.oneMore', 'resourceApps.more', more)}
        </Link>
      )}
    </span>
  )
}
