// The header of every page: title, a plain sentence, state, and actions.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { useWindowTitle } from '../hooks/use-window-title.ts'
import { text } from '../texts/text.ts'
import { type Action, ActionBar } from './actions.tsx'

export interface PageHeaderProps {
  readonly title: string
  /** The purpose of the page, as a sentence */
  readonly lead?: ReactNode
  readonly chips?: ReactNode
  readonly actions?: readonly Action[]
  /** The parent list of a detail page */
  readonly parent?: { readonly to: string; readonly label: string }
}

export function PageHeader({ title, lead, chips, actions = [], parent }: PageHeaderProps) {
  useWindowTitle(parent === undefined ? undefined : text('app.titleWithin', { title, parent: parent.label }))
  return (
    <header className="cw-page-header">
      <div>
        {parent === undefined ? null : (
          <Link to={parent.to} className="cw-parent">
            {parent.label}
          </Link>
        )}
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
