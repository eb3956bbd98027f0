// Attributes of a user, and their subject at each resource app.

import type { User } from '../../api/objects.ts'
import { useCompleteList } from '../../api/queries.ts'
import { Tokens } from '../../components/chips.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export function UserFacts({ user }: { readonly user: User }) {
  return (
    <>
      <div className="cw-card">
        <Facts
          facts={[
            copyFact('word.id', user.id),
            [text('users.username'), user.username],
            [
              text('users.email'),
              user.email === undefined
                ? text('word.none')
                : `${user.email} · ${text(user.emailVerified ? 'users.verified' : 'users.notVerified')}`,
            ],
            [text('word.groups'), <Tokens items={user.memberOf} />],
            [text('word.password'), text(user.hasPassword ? 'value.yes' : 'value.no')],
            ...Object.entries(user.attributes).map(([name, value]) => [name, String(value)] as const),
          ]}
        />
      </div>
      <Subjects user={user} />
    </>
  )
}

function Subjects({ user }: { readonly user: User }) {
  const can = useCan()
  const { items } = useCompleteList('resource-apps.list', {}, { enabled: can('resource-apps.list') })
  if (items.length === 0) return null
  return (
    <Section title={text('user.subjects')}>
      <div className="cw-card">
        <Facts facts={items.map(({ name, subject }) => [name, describeSubject(subject, user)] as const)} />
      </div>
    </Section>
  )
}

function describeSubject(source: string, user: User): string {
  if (source === 'pairwise') return text('user.pairwise')
  const value = readSource(source, user)
  return value === undefined ? text('user.noSubject', { source }) : `${value} (${source})`
}

function readSource(source: string, user: User): string | undefined {
  const attribute = /^user\.attributes\.(.+)$/.exec(source)?.[1]
  if (attribute !== undefined) return user.attributes[attribute]?.toString()
  switch (source) {
    case 'user.id':
      return user.id
    case 'user.username':
      return user.username
    case 'user.email':
      return user.emailVerified ? user.email : undefined
    case 'user.name':
      return user.name
    default:
      return undefined
  }
}
