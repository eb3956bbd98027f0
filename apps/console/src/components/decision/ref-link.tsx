// From a check to the object it looked at, where that has a page.
import { Link } from '@tanstack/react-router'

import { Token } from '../chips.tsx'

const PAGE_OF: Readonly<Record<string, string>> = {
  connection: '/connections',
  people: '/users',
}

interface RefLinkProps {
  /** Id of the check */
  readonly check: string
  /** Id of the object, perhaps with its revision: `con_88@rev14` */
  readonly reference: string
}

export function RefLink({ check, reference }: RefLinkProps) {
  const page = PAGE_OF[check.split('.')[0] ?? '']
  const id = reference.replace(/@rev\d+$/, '')
  if (page === undefined) return <Token>{reference}</Token>
  return (
    <Link to={`${page}/${encodeURIComponent(id)}`}>
      <Token>{reference}</Token>
    </Link>
  )
}
