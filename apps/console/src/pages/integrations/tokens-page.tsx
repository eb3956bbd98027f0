// Admin API tokens: owner, role and expiry; created, shown once, and revoked here.
import { ADMIN_API_PATH, type TokenView } from '@crosswalk/admin-api'
import { useMemo, useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { useList } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import type { Column } from '../../components/data-table.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { NewToken } from './new-token.tsx'
import { revokeColumn } from '../../components/table/columns.tsx'
import { useDialog } from '../../hooks/use-dialog.ts'
import './integrations.css'

export function Page() {
  const list = useList('tokens.list')
  const { baseUrl } = useSession()
  const revoke = useChange('tokens.revoke')
  const mayEnd = useWhyNot()('tokens.revoke') === undefined
  const making = useDialog()
  const [ending, setEnding] = useState<TokenView | undefined>(undefined)
  const now = useNow()
  const names = useNames()
  const columns = useMemo(
    () => buildColumns(now, names, mayEnd ? setEnding : undefined),
    [now, names, mayEnd],
  )
  return (
    <>
      <ListPage
        title={text('nav.tokens')}
        lead={text('tokens.lead')}
        create={{
          label: text('tokens.new'),
          needs: 'tokens.create',
          run: making.open,
        }}
        list={list}
        columns={columns}
        none={
          <EmptyState title={text('tokens.none')}>
            <p>{text('tokens.noneText')}</p>
            <div className="cw-example">
              <CodeBlock
                label={text('tokens.example')}
                code={`curl -H "Authorization: Bearer $TOKEN" \\\n  ${baseUrl}${ADMIN_API_PATH}/whoami`}
              />
            </div>
          </EmptyState>
        }
      />
      <NewToken {...making.props} />
      <ReasonDialog
        opened={ending !== undefined}
        close={() => setEnding(undefined)}
        danger
        title={text('tokens.revokeTitle', { name: ending?.name ?? '' })}
        confirmLabel={text('tokens.revoke')}
        done={text('tokens.revoked')}
        confirm={(reason) => revoke.mutateAsync({ params: { id: ending?.id ?? '' }, reason })}
        help={text('tokens.revokeHelp')}
      />
    </>
  )
}

function buildColumns(
  now: number,
  names: Names,
  end: ((token: TokenView) => void) | undefined,
): readonly Column<TokenView>[] {
  return [
    {
      id: 'name',
      header: text('word.purpose'),
      hideable: false,
      cell: ({ name }) => <span className="cw-first">{name}</span>,
    },
    {
      id: 'role',
      header: text('tokens.role'),
      cell: ({ role, apps = [] }) => (
        <span className="cw-title-row">
          {text(`role.${role}`)}
          {apps.length === 0 ? null : <Tokens items={apps} />}
        </span>
      ),
    },
    {
      id: 'created',
      header: text('word.created'),
      cell: ({ createdAt, createdBy }) => (
        <span>
          <RelativeTime moment={createdAt} /> {text('tokens.by', { by: names.user(createdBy) })}
        </span>
      ),
    },
    { id: 'ends', header: text('word.expires'), cell: (token) => <Ends token={token} now={now} /> },
    { id: 'id', header: text('word.id'), hidden: true, cell: ({ id }) => <code>{id}</code> },
    ...revokeColumn<TokenView>({
      label: text('tokens.revoke'),
      name: ({ name }) => text('tokens.revokeOne', { name }),
      run: end,
    }),
  ]
}

function Ends({ token, now }: { readonly token: TokenView; readonly now: number }) {
  const { expiresAt: at, active } = token
  const isOver = at !== undefined && Date.parse(at) <= now
  return (
    <span className="cw-title-row">
      {at === undefined ? (
        <StateChip state="warn" label={text('word.noExpiry')} />
      ) : (
        <RelativeTime moment={at} />
      )}
      {isOver ? <StateChip state="expired" label={text('tokens.over')} /> : null}
      {isOver || active ? null : <StateChip state="inactive" label={text('tokens.inactive')} />}
    </span>
  )
}
