// Links from a check to its objects, if they have a page.
import { Link } from '@tanstack/react-router'

import { Token } from '../chips.tsx'
import { type KindWithPage, pathOf } from '../object/object-path.ts'

interface Target {
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
}

const page =
  (kind: KindWithPage) =>
  (id: string): Target => ({ to: pathOf(kind, id) })

/** Keyed by the first word of the check id. */
const PAGE_OF: ReadonlyMap<string, (id: string) => Target> = new Map(
  Object.entries({
    connection: page('connection'),
    target: page('resource_app'),
    actor: page('app'),
    policy: page('policy'),
    blocks: () => ({ to: '/blocks' }),
    // For an unassigned user, links to their pending access request.
    people: (id: string) => ({ to: '/inbox', search: { open: id } }),
  }),
)

/** @returns undefined if it has no page */
export function findPage(check: string, id: string): Target | undefined {
  return PAGE_OF.get(check.split('.')[0] ?? '')?.(id)
}

interface RefLinkProps {
  /** Id of the check */
  readonly check: string
  /** Comma-separated ids, optionally with a revision: `con_88@rev14` */
  readonly reference: string
}

export function RefLink({ check, reference }: RefLinkProps) {
  return (
    <span className="cw-tokens">
      {reference.split(', ').map((one) => (
        <SingleRef key={one} check={check} reference={one} />
      ))}
    </span>
  )
}

function SingleRef({ check, reference }: RefLinkProps) {
  const target = findPage(check, reference.replace(/@rev\d+$/, ''))
  if (target === undefined) return <Token>{reference}</Token>
  return (
    <Link to={target.to} {...(target.search === undefined ? {} : { search: target.search })}>
      <Token>{reference}</Token>
    </Link>
  )
}
