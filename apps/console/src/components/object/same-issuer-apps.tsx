// The other resource apps behind the same issuer.
import { Link } from '@tanstack/react-router'

import { useCompleteList } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { Section } from '../page-header.tsx'
import { pathOf } from './object-path.ts'

export function SameIssuerApps({ id, issuer }: { readonly id: string; readonly issuer: string }) {
  const { items } = useCompleteList('resource-apps.list', { issuer })
  const others = items.filter((one) => one.id !== id)
  if (others.length === 0) return null
  return (
    <Section title={text('target.siblings')}>
      <p className="cw-quiet-text">{text('target.siblingsText')}</p>
      <span className="cw-tokens">
        {others.map((one) => (
          <Link key={one.id} to={pathOf('resource_app', one.id)}>
            {one.name}
          </Link>
        ))}
      </span>
    </Section>
  )
}
