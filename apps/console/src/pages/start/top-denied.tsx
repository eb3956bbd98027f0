// The most frequent denials of the last 24 hours, each with its fix and a link to its decisions.
import { DECISION_CODES, type XaaCode } from '@crosswalk/protocol'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { Token } from '../../components/chips.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { countText, text } from '../../texts/text.ts'

const SHOWN = 5

export function TopDenied() {
  const query = useApi('decisions.summary', { query: { about: 'access' } })
  return (
    <section className="cw-card">
      <h2>{text('overview.denied')}</h2>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { codes } }) => {
          const denied = codes.filter(({ outcome }) => outcome !== 'allow').slice(0, SHOWN)
          if (denied.length === 0) return <p className="cw-quiet-text">{text('overview.noDenied')}</p>
          return (
            <ul className="cw-plain-list">
              {denied.map(({ code, count }) => (
                <li key={code} className="cw-denied">
                  <Link to="/decisions" search={{ code }}>
                    {countText('overview.deniedOne', 'overview.deniedMany', count, {
                      meaning: meaningOf(code),
                    })}
                  </Link>
                  <span className="cw-quiet-text">
                    <Token tone="deny">{code}</Token> {fixOf(code)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}

function meaningOf(code: string): string {
  return code in DECISION_CODES ? DECISION_CODES[code as XaaCode].meaning : code
}

function fixOf(code: string): string {
  return code in DECISION_CODES ? DECISION_CODES[code as XaaCode].remedy : ''
}
