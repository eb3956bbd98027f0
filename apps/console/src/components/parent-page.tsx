// The list that a page belongs to, and the link back to it.
import { Link } from '@tanstack/react-router'
import { createContext, useContext } from 'react'

export interface ParentPage {
  readonly to: string
  readonly label: string
}

/** Undefined for pages of the navigation. */
export const ParentPageContext = createContext<ParentPage | undefined>(undefined)

export const useParentPage = () => useContext(ParentPageContext)

interface ParentLinkProps {
  /** Default: the list of the page */
  readonly parent?: ParentPage | undefined
}

export function ParentLink({ parent }: ParentLinkProps) {
  const list = useParentPage()
  const { to, label } = parent ?? list ?? {}
  if (to === undefined) return null
  return (
    <Link to={to} className="cw-parent">
      {label}
    </Link>
  )
}
