// The header of every page: title, a plain sentence, state, and actions.
import type { ReactNode } from 'react'

import { useWindowTitle } from '../hooks/use-window-title.ts'
import { text } from '../texts/text.ts'
import { type Action, ActionBar } from './actions.tsx'
import { ParentLink, type ParentPage, useParentPage } from './parent-page.tsx'

export interface PageHeaderProps {
  readonly title: string
  /** The purpose of the page, as a sentence */
  readonly lead?: ReactNode
  readonly chips?: ReactNode
  readonly actions?: readonly Action[]
  /** If it is not the list of the page */
  readonly parent?: ParentPage
}

export function PageHeader({ title, lead, chips, actions = [], parent }: PageHeaderProps) {
  const list = useParentPage()
  const named = (parent ?? list)?.label
  useWindowTitle(named === undefined ? undefined : text('app.titleWithin', { title, parent: named }))
  return (
    <header className="cw-page-header">
      <div>
        <ParentLink parent={parent} />
        <div className="cw-title-row">
          <h1>{title}</h1>
          {chips}
        </div>
        {lead === undefined ? null : <div className="cw-lead">{lead}</div>}
      </div>
      {actions.length === 0 ? null : <ActionBar actions={actions} />}
    </header>
  )
}

interface SectionProps {
  readonly title: string
  readonly children: ReactNode
  readonly aside?: ReactNode
}

/** A section of a page, with a heading for screen readers. */
export function Section({ title, children, aside }: SectionProps) {
  return (
    <section className="cw-section">
      <div className="cw-row">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
