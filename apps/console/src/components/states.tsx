// What a page shows without data: loading, unreachable, no permission, not found, or an error, each with its own text. Stale data is never shown
// as current.
import { Alert, Button, Skeleton } from '@mantine/core'
import {
  IconAlertTriangle,
  IconHourglass,
  IconInbox,
  IconLock,
  IconPlugConnectedX,
  IconRefresh,
  IconSearchOff,
  IconFileAlert,
} from '@tabler/icons-react'
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useContext } from 'react'

import { detailOf, kindOf, describeBusy } from '../api/problem.ts'
import type { PagedList } from '../api/queries.ts'
import { RoleContext } from '../session/role-context.ts'
import { text } from '../texts/text.ts'
import { formatClock } from './time.tsx'
import { ParentLink } from './parent-page.tsx'
import { smallIcon } from './small-icon.tsx'

interface StateProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** Announced to screen readers */
  readonly alert?: boolean
}

export function State({ icon, title, children, actions, alert = false }: StateProps) {
  return (
    <div className="cw-state" role={alert ? 'alert' : undefined}>
      <span className="cw-state-icon" aria-hidden="true">
        {icon}
      </span>
      <h2>{title}</h2>
      {children === undefined ? null : <div className="cw-state-text">{children}</div>}
      {actions === undefined ? null : <div className="cw-actions">{actions}</div>}
    </div>
  )
}

interface NothingYetProps {
  readonly list: PagedList<unknown>
}

/** For a list of which the part that was read has nothing to show. */
export function NothingYet({ list: { query, showMore } }: NothingYetProps) {
  return (
    <EmptyState
      title={text('table.nothingYet')}
      actions={
        <Button onClick={showMore} loading={query.isFetchingNextPage}>
          {text('table.more')}
        </Button>
      }
    >
      {text('table.nothingYetText')}
    </EmptyState>
  )
}

/** Explains what belongs here, why there is none, and how to create the first. */
export function EmptyState({ icon, ...props }: Omit<StateProps, 'icon'> & { readonly icon?: ReactNode }) {
  return <State icon={icon ?? <IconInbox size={32} />} {...props} />
}

export function PageSkeleton() {
  return (
    <div className="cw-skeleton" role="status" aria-label={text('state.loading')}>
      <Skeleton height={30} width="38%" />
      <Skeleton height={14} width="62%" mt="sm" />
      <Skeleton height={220} mt="lg" />
    </div>
  )
}

export function Loading({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div role="status" aria-label={text('state.loading')} className="cw-skeleton">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={16} width={`${90 - line * 11}%`} mt="xs" />
      ))}
    </div>
  )
}

interface RetryProps {
  readonly retry?: (() => void) | undefined
}

/** If one read failed, others of the page probably did too, so all are retried. */
function RetryButton({ retry }: RetryProps) {
  const queries = useQueryClient()
  if (retry === undefined) return null
  const retryAll = () => {
    retry()
    void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null })
  }
  return (
    <Button onClick={retryAll} leftSection={smallIcon(IconRefresh)}>
      {text('state.retry')}
    </Button>
  )
}

export function UnreachableState({ retry }: RetryProps) {
  return (
    <State
      alert
      icon={<IconPlugConnectedX size={32} />}
      title={text('state.unreachable.title')}
      actions={<RetryButton retry={retry} />}
    >
      {text('state.unreachable.text')}
    </State>
  )
}

function BusyState({ error, retry }: RetryProps & { readonly error: unknown }) {
  const { title, body } = describeBusy(error)
  return (
    <State alert icon={<IconHourglass size={32} />} title={title} actions={<RetryButton retry={retry} />}>
      {body}
    </State>
  )
}

export function ForbiddenState({ detail }: { readonly detail?: string | undefined }) {
  const role = useContext(RoleContext)
  return (
    <State alert icon={<IconLock size={32} />} title={text('state.forbidden.title')}>
      <p>{text('state.forbidden.text', { role })}</p>
      {detail === undefined ? null : <p>{detail}</p>}
    </State>
  )
}

export function NotFoundState() {
  return (
    <State icon={<IconSearchOff size={32} />} title={text('state.notFound.title')} actions={<ParentLink />}>
      {text('state.notFound.text')}
    </State>
  )
}

/** The state for a failed read. */
export function ErrorState({ error, retry }: RetryProps & { readonly error: unknown }) {
  switch (kindOf(error)) {
    case 'unreachable':
    case 'signed-out':
      return <UnreachableState retry={retry} />
    case 'busy':
      return <BusyState error={error} retry={retry} />
    case 'forbidden':
      return <ForbiddenState detail={detailOf(error)} />
    case 'not-found':
      return <NotFoundState />
    case 'invalid':
    case 'conflict':
    case 'owned-by-file':
    case 'stale':
      return (
        <State alert icon={<IconAlertTriangle size={32} />} title={text('state.invalid.title')}>
          {detailOf(error)}
        </State>
      )
    case 'fault':
      return (
        <State
          alert
          icon={<IconAlertTriangle size={32} />}
          title={text('state.fault.title')}
          actions={<RetryButton retry={retry} />}
        >
          {text('state.fault.text')}
        </State>
      )
  }
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
  readonly skeleton?: ReactNode
}

/** Cached data is not shown if it was deleted or the user lost permission. */
export function isAccessLost(error: unknown): boolean {
  return error !== null && ['forbidden', 'not-found'].includes(kindOf(error))
}

/** Shows the data once loaded, otherwise the reason why there is none. */
export function Loaded<T>({ query, children, skeleton }: LoadedProps<T>) {
  const { data, error, refetch } = query
  if (data === undefined || isAccessLost(error))
    return error === null ? (
      (skeleton ?? <PageSkeleton />)
    ) : (
      <ErrorState error={error} retry={() => void refetch()} />
    )
  return (
    <>
      <RefreshProblem query={query} />
      {children(data)}
    </>
  )
}

/** Names what is missing in a list because the server cannot read it. */
export function UnreadableNotice({
  list: { unreadable = [] },
}: {
  readonly list: Pick<PagedList<unknown>, 'unreadable'>
}) {
  if (unreadable.length === 0) return null
  return (
    <Alert color="yellow" variant="light" role="alert" mb="md" icon={<IconFileAlert size={18} />}>
      {text('state.unreadable')}
      <ul>
        {unreadable.map(({ collection, id, problem }) => (
          <li key={`${collection}/${id}`}>
            <code>{`${collection}/${id}`}</code> {problem}
          </li>
        ))}
      </ul>
    </Alert>
  )
}

/** Says that the data could not be refreshed, and how old it is. */
export function RefreshProblem({
  query,
}: {
  readonly query: Pick<UseQueryResult, 'error' | 'dataUpdatedAt' | 'refetch'>
}) {
  if (query.error === null) return null
  return (
    <Alert color="yellow" variant="light" role="alert" mb="md" icon={<IconPlugConnectedX size={18} />}>
      <div className="cw-row">
        <span>{text('state.notRefreshed', { time: formatClock(query.dataUpdatedAt) })}</span>
        <RetryButton retry={() => void query.refetch()} />
      </div>
    </Alert>
  )
}
