// Admin API tokens: owner, role and expiry; created, shown once, and revoked here.
import { ADMIN_API_PATH, type TokenView } from '@crosswalk/admin-api'
import { useMemo, useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useList } from '../../api/queries.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import type { Column } from '../../components/data-table.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { openTokenDialog, NewToken } from './token-dialog.tsx'
import { idColumn, revokeColumn } from '../../components/table/columns.tsx'
import './integrations.css'

export function Page() {
  const list = useList('tokens.list')
  const { baseUrl } = useSession()
  const mayEnd = useForbiddenReason()('tokens.revoke') === undefined
  const [created, setCreated] = useState<string | undefined>(undefined)
  const now = useNow()
  const names = useNames()
  const columns = useMemo(() => buildColumns(now, names, mayEnd), [now, names, mayEnd])
  return (
    <>
      <ListPage
        title={text('nav.tokens')}
        lead={text('tokens.lead')}
        create={{
          label: text('tokens.new'),
          needs: 'tokens.create',
          run: () => openTokenDialog(setCreated),
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
      <NewToken token={created} stored={() => setCreated(undefined)} />
    </>
  )
}

function confirmRevoke({ id, name }: TokenView): void {
  confirmWithReason({
    danger: true,
    title: text('tokens.revokeTitle', { name }),
    confirmLabel: text('tokens.revoke'),
    help: text('tokens.revokeHelp'),
    done: text('tokens.revoked'),
    confirm: (reason) => sendChange('tokens.revoke', { params: { id }, reason }),
  })
}

function buildColumns(now: number, names: Names, mayRevoke: boolean): readonly Column<TokenView>[] {
  return [
    {
      id: 'name',
      header: text('word.purpose'),
      hideable: false,
      cell: ({ name }) => <span className="cw-first">{name}</span>,
    },
    {
      id: 'role',
      header: text('roles.role'),
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
    { id: 'expires', header: text('word.expires'), cell: (token) => <Expiry token={token} now={now} /> },
    idColumn,
    ...revokeColumn<TokenView>({
      label: text('tokens.revoke'),
      name: ({ name }) => text('tokens.revokeOne', { name }),
      run: mayRevoke ? confirmRevoke : undefined,
    }),
  ]
}

function Expiry({ token, now }: { readonly token: TokenView; readonly now: number }) {
  const { expiresAt: at, active } = token
  const hasExpired = at !== undefined && Date.parse(at) <= now
  return (
    <span className="cw-title-row">
      {at === undefined ? (
        <StateChip state="warn" label={text('word.noExpiry')} />
      ) : (
        <RelativeTime moment={at} />
      )}
      {hasExpired ? <StateChip state="expired" label={text('chip.expired')} /> : null}
      {hasExpired || active ? null : <StateChip state="inactive" label={text('tokens.inactive')} />}
    </span>
  )
}
