// What was refused most often, each with what it means and the way to those decisions.
import { DECISION_CODES, type XaaCode } from '@crosswalk/protocol'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { Token } from '../../components/chips.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { countText, text } from '../../texts/text.ts'

const SHOWN = 8

export function TopRefusals() {
  const query = useApi('decisions.summary', {})
  return (
    <section className="cw-card">
      <h2>{text('overview.refusals')}</h2>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { codes } }) => {
          const refused = codes.filter(({ outcome }) => outcome !== 'allow').slice(0, SHOWN)
          if (refused.length === 0) return <p className="cw-quiet-text">{text('overview.noRefusals')}</p>
          return (
            <ul className="cw-plain-list">
              {refused.map(({ code, count }) => (
                <li key={code} className="cw-refusal">
                  <Token tone="deny">{code}</Token>
                  <span>
                    {meaningOf(code)}{' '}
                    <span className="cw-quiet-text">
                      {countText('overview.timesOne', 'overview.times', count)}
                    </span>
                  </span>
                  <Link to="/decisions" search={{ code } as never}>
                    {text('overview.fix')}
                    <span className="cw-hidden"> {code}</span>
                  </Link>
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
