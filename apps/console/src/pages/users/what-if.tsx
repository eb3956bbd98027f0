// The effect on a user of joining or leaving a group, evaluated before and after.
import { MAX_PAGE } from '@crosswalk/admin-api'
import { useNavigate, useSearch } from '@tanstack/react-router'

import type { Group, User } from '../../api/objects.ts'
import { useApi } from '../../api/queries.ts'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { Section } from '../../components/page-header.tsx'
import { EmptyState, ErrorState, ForbiddenState, Loaded, Loading } from '../../components/states.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { compareReach, type ReachChange } from './compare-reach.ts'
import { SmallTable } from '../../components/small-table.tsx'
import { ConnectionLink } from '../../components/object/connection-link.tsx'

export function WhatIf({ group }: { readonly group: Group }) {
  const can = useCan()
  const { who } = useSearch({ strict: false }) as { readonly who?: string }
  const navigate = useNavigate()
  const chosen = useApi('users.read', { params: { id: who ?? '' } }, { enabled: who !== undefined })
  if (!can('reach.what')) return <ForbiddenState />
  return (
    <>
      <ObjectSelect
        of="users"
        className="cw-form"
        label={text('word.user')}
        description={text('group.whoHelp')}
        value={who}
        change={(next) =>
          void navigate({
            to: '.',
            replace: true,
            search: (previous: object) => ({ ...previous, who: next }),
          })
        }
      />
      {who === undefined ? null : (
        <Loaded query={chosen}>{({ body }) => <Effect group={group} user={body} />}</Loaded>
      )}
    </>
  )
}

function Effect({ group, user }: { readonly group: Group; readonly user: User }) {
  const isMember = user.memberOf.includes(group.id)
  const about = { user: user.id, limit: MAX_PAGE }
  const now = useApi('reach.what', { query: about })
  const then = useApi('reach.what', {
    query: { ...about, ...(isMember ? { leaving: group.id } : { joining: group.id }) },
  })
  const name = user.name ?? user.username
  const title = text(isMember ? 'group.leaves' : 'group.joins', { name })
  const error = now.error ?? then.error
  if (error !== null) return <ErrorState error={error} retry={() => void now.refetch()} />
  if (now.data === undefined || then.data === undefined) return <Loading />
  const changes = compareReach(now.data.body.items, then.data.body.items)
  const complete = now.data.body.next === null && then.data.body.next === null
  return (
    <Section title={title}>
      {complete ? null : <p role="status">{text('group.incomplete')}</p>}
      {changes.length === 0 ? (
        <EmptyState title={text('group.noChange')}>{text('group.noChangeText')}</EmptyState>
      ) : (
        <ChangeTable changes={changes} label={title} />
      )}
    </Section>
  )
}

const HEADERS = ['word.connection', 'word.resource', 'group.gains', 'group.loses'] as const

interface ChangeTableProps {
  readonly changes: readonly ReachChange[]
  readonly label: string
}

function ChangeTable({ changes, label }: ChangeTableProps) {
  const names = useNames()
  return (
    <SmallTable
      label={label}
      headers={HEADERS.map((code) => text(code))}
      rows={changes.map(({ app, resourceApp, connection, resource, gained, lost, afterStepUp }) => ({
        id: `${connection} ${resource}`,
        cells: [
          <ConnectionLink id={connection} of={{ app, resourceApp }} names={names} />,
          resource,
          <span className="cw-tokens">
            <Tokens items={gained} empty={afterStepUp ? '' : '–'} />
            {afterStepUp ? <StateChip state="step_up" label={text('group.stepUpToo')} /> : null}
          </span>,
          <Tokens items={lost} empty="–" />,
        ],
      }))}
    />
  )
}
