// Who talks to whom, as a list that is drawn: each party below the one before, with what passes between them.
import { text } from '../../texts/text.ts'

const PARTIES = [
  ['topology.app', 'topology.appDoes'],
  ['topology.idp', 'topology.idpDoes'],
  ['topology.as', 'topology.asDoes'],
  ['topology.api', 'topology.apiDoes'],
] as const

export function SetUpTopology() {
  return (
    <ol className="cw-topology">
      {PARTIES.map(([party, does]) => (
        <li key={party}>
          <strong>{text(party)}</strong>
          <span className="cw-quiet-text">{text(does)}</span>
        </li>
      ))}
    </ol>
  )
}
