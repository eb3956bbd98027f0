// Wraps every page: sets the title, checks the role, and receives the focus after navigation.
import { Button } from '@mantine/core'
import { type ErrorComponentProps, useRouterState } from '@tanstack/react-router'
import { type ReactNode, Suspense, useEffect } from 'react'

import { useForbiddenReason } from '../components/actions.tsx'
import { type ParentPage, ParentPageContext } from '../components/parent-page.tsx'
import { NextStep } from '../components/next-step.tsx'
import { ForbiddenState, PageSkeleton, State } from '../components/states.tsx'
import { useWindowTitle } from '../hooks/use-window-title.ts'
import { useCan, useSession } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import type { PageEntry } from '../pages/page-entry.ts'
import { IconAlertTriangle, IconServerOff } from '@tabler/icons-react'
import { PAGES } from './pages.ts'

export function PageBoundary({ entry, children }: PageBoundaryProps) {
  useFocusAfterNavigation()
  return (
    <>
      {/* Before the page, which may set a better title. */}
      <WindowTitle title={entry.title} />
      <ParentPageContext value={findParent(entry)}>
        <Allowed entry={entry}>{children}</Allowed>
      </ParentPageContext>
    </>
  )
}

/** @returns the page of the navigation that lists what this page shows one of */
function findParent({ path, nav }: PageEntry): ParentPage | undefined {
  if (nav !== undefined) return undefined
  const list = PAGES.find((one) => one.nav !== undefined && path.startsWith(`${one.path}/`))
  return list && { to: list.path, label: list.title }
}

interface PageBoundaryProps {
  readonly entry: PageEntry
  readonly children: ReactNode
}

function Allowed({ entry, children }: PageBoundaryProps) {
  const can = useCan()
  const forbiddenReason = useForbiddenReason()
  const { issuer } = useSession()
  if (entry.withoutIdp !== true && issuer === undefined) return <NoIdp />
  if (entry.needs !== undefined && !can(entry.needs))
    return <ForbiddenState detail={forbiddenReason(entry.needs)} />
  return <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
}

function WindowTitle({ title }: Pick<PageEntry, 'title'>) {
  useWindowTitle(title)
  return null
}

/** Moves the focus, so that screen readers announce the new page. */
function useFocusAfterNavigation(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('nav') !== null)
      document.getElementById('page')?.focus({ preventScroll: true })
  }, [path])
}

/** For pages about identity provider data, on a server without one. */
function NoIdp() {
  return (
    <State
      icon={<IconServerOff size={32} />}
      title={text('state.noIdp.title')}
      actions={
        <>
          <NextStep to="/decisions" needs="decisions.list" label={text('word.decisions')} />
          <NextStep to="/live-access" needs="access-tokens.list" label={text('nav.liveAccess')} />
          <NextStep to="/settings/issuers" needs="authorization-servers.list" label={text('nav.issuers')} />
        </>
      }
    >
      {text('state.noIdp.text')}
    </State>
  )
}

/** Shown if a page fails to load or render. A browser does not load a module again that failed, hence the reload. */
export function RouteProblem({ error }: ErrorComponentProps) {
  return (
    <State
      alert
      icon={<IconAlertTriangle size={32} />}
      title={text('state.pageFault.title')}
      actions={<Button onClick={() => location.reload()}>{text('state.retry')}</Button>}
    >
      <p>{error instanceof Error ? error.message : String(error)}</p>
    </State>
  )
}
