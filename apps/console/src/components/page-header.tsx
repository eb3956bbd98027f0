// The head of every page: its name, a sentence in plain words, state, and what can be done.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { useWindowTitle } from '../hooks/use-window-title.ts'
import { text } from '../texts/text.ts'
import { type Action, ActionBar } from './actions.tsx'

export interface PageHeaderProps {
  readonly title: string
  /** What the page is about, as a sentence */
  readonly lead?: ReactNode
  readonly chips?: ReactNode
  readonly actions?: readonly Action[]
  /** Where the page belongs to, for details of a list */
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

/** A part of a page, with a heading that readers of the screen can jump to. */
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
