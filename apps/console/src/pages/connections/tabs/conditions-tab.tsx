// Conditions: status, validity period, sign-in requirements, proof of possession.
import type { Connection } from '../../../api/objects.ts'
import { Facts } from '../../../components/facts.tsx'
import { ObjectLinks } from '../../../components/object/names.tsx'
import { formatExact } from '../../../components/time.tsx'
import { text } from '../../../texts/text.ts'

export function ConditionsTab({ connection }: { readonly connection: Connection }) {
  const { conditions, status, notBefore, expiresAt, delegation, subject, actors = [] } = connection
  return (
    <div className="cw-card">
      <Facts
        facts={[
          [text('conditions.status'), text(`chip.${status}`)],
          [text('edit.subject'), text(`subject.${subject ?? 'user'}`)],
          [
            text('conditions.notBefore'),
            notBefore === undefined ? text('conditions.none') : formatExact(notBefore),
          ],
          [text('word.expires'), expiresAt === undefined ? text('word.noExpiry') : formatExact(expiresAt)],
          [text('conditions.window'), conditions.window ?? text('conditions.always')],
          [
            text('conditions.maxAge'),
            conditions.maxAuthAgeSeconds === undefined
              ? text('conditions.none')
              : text('conditions.seconds', { n: conditions.maxAuthAgeSeconds }),
          ],
          [text('conditions.acr'), conditions.acr?.join(' or ') ?? text('conditions.any')],
          [text('conditions.dpop'), text(`conditions.${conditions.dpop}`)],
          [text('conditions.delegation'), <Delegated delegation={delegation} />],
          delegation === undefined ? null : [text('conditions.maxDepth'), delegation.maxDepth],
          actors.length === 0 ? null : [text('edit.actors'), <ObjectLinks kind="app" ids={actors} />],
        ]}
      />
      <p className="cw-quiet-text">{text('conditions.policies')}</p>
    </div>
  )
}

function Delegated({ delegation }: Pick<Connection, 'delegation'>) {
  const scopes = Object.entries(delegation?.scopes ?? {})
  if (scopes.length === 0) return text('word.none')
  return (
    <ul className="cw-plain-list">
      {scopes.map(([scope, carriers]) => (
        <li key={scope}>{text('conditions.delegated', { scope, carriers: carriers.join(' or ') })}</li>
      ))}
    </ul>
  )
}
