// What was granted, as far as the record knows: the token itself is never kept, and never comes to a browser.
import { text } from '../../texts/text.ts'
import { Tokens } from '../chips.tsx'
import { Facts } from '../facts.tsx'
import type { Decision } from './check-groups.ts'

export function GrantedToken({ decision }: { readonly decision: Decision }) {
  const { granted, narrowed } = decision
  if (granted === null) return <p>{text('granted.nothing')}</p>
  return (
    <>
      <p className="cw-quiet-text">{text('granted.note')}</p>
      <Facts
        facts={[
          [text('granted.audience'), granted.audience],
          [text('granted.clientId'), granted.client_id],
          [text('granted.resource'), <Tokens key="resource" items={granted.resource} />],
          [text('granted.scope'), <Tokens key="scope" items={granted.scope} />],
          [text('granted.subject'), `${granted.subject.value ?? '–'} · ${granted.subject.strategy}`],
          [text('granted.lifetime'), text('granted.seconds', { n: granted.lifetime_seconds })],
          [
            text('granted.narrowed'),
            narrowed.length === 0
              ? text('value.none')
              : narrowed
                  .map(({ scope, resource, by }) =>
                    text('granted.cut', { what: scope ?? resource ?? '', by }),
                  )
                  .join('; '),
          ],
        ]}
      />
    </>
  )
}
