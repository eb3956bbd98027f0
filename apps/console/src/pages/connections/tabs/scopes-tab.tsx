// The scopes of the connection, out of those of the resource app, by resource.
import { IconCheck, IconMinus } from '@tabler/icons-react'

import type { Connection } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { Token } from '../../../components/chips.tsx'
import { Section } from '../../../components/page-header.tsx'
import { Loaded } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { ScopeApproval } from './scope-approval.tsx'

interface ScopesTabProps {
  readonly connection: Connection
  readonly etag: string
}

export function ScopesTab({ connection, etag }: ScopesTabProps) {
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body: { resources } }) => {
        if (resources.every(({ scopes }) => scopes.length === 0)) return <p>{text('scopes.none')}</p>
        return resources.map(({ id, scopes }) => {
          const reached = connection.resources.includes(id)
          return (
            <Section key={id} title={id}>
              <ul className="cw-plain-list cw-card">
                {scopes.map((scope) => {
                  const granted = reached && connection.scopes.includes(scope)
                  const found = granted ? connection.approvals?.find((one) => one.scope === scope) : undefined
                  const held = found !== undefined && found.state !== 'approved'
                  return (
                    <li key={scope} className="cw-check">
                      {granted && !held ? (
                        <IconCheck size={18} className="cw-check-pass" aria-label={text('value.yes')} />
                      ) : (
                        <IconMinus size={18} className="cw-check-quiet" aria-label={text('value.no')} />
                      )}
                      <Token {...(granted && !held ? { tone: 'allow' as const } : {})}>{scope}</Token>
                      {found === undefined ? null : (
                        <ScopeApproval id={connection.id} etag={etag} found={found} />
                      )}
                    </li>
                  )
                })}
              </ul>
            </Section>
          )
        })
      }}
    </Loaded>
  )
}
