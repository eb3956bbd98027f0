// The request and its outcome, with links to the objects.
import { IconClipboardText } from '@tabler/icons-react'

import { text } from '../../texts/text.ts'
import { Tokens } from '../chips.tsx'
import { copyFact, Facts } from '../facts.tsx'
import { formatExact } from '../time.tsx'
import type { Decision } from './check-groups.ts'
import { AppOf, UserOf, ResourceAppOf } from './parties.tsx'
import { ObjectLink } from '../object/names.tsx'

export function RequestFacts({ decision }: { readonly decision: Decision }) {
  const { request, resolution, wire, snapshot } = decision
  const app = request.requesting_app
  const user = request.subject
  return (
    <Facts
      facts={[
        copyFact('word.decision', decision.decision_id),
        copyFact('decision.trace', decision.trace_id),
        [text('word.time'), formatExact(decision.time)],
        [text('decision.stage'), text(`stage.${decision.stage}`)],
        [
          text('word.requestingApp'),
          app === null ? (
            text('value.unknown')
          ) : (
            <span>
              <AppOf decision={decision} otherwise={app.id} linked /> · {app.auth ?? '–'}
            </span>
          ),
        ],
        [text('word.user'), <UserOf decision={decision} otherwise={text('value.unknown')} linked />],
        user?.chain === undefined ? null : [text('word.through'), <Hops chain={user.chain} />],
        [
          text('decision.signedIn'),
          user?.auth_time === undefined ? '–' : `${formatExact(user.auth_time)} · ${user.acr ?? '–'}`,
        ],
        [text('word.audience'), request.audience ?? '–'],
        [text('word.resource'), <Tokens items={request.resource} />],
        [text('decision.scope'), <Tokens items={request.scope} />],
        [text('decision.resolution'), resolution.how ?? '–'],
        [
          text('word.resourceApp'),
          <ResourceAppOf decision={decision} otherwise={text('value.unknown')} linked />,
        ],
        [
          text('word.connection'),
          resolution.connection === undefined ? (
            text('word.none')
          ) : (
            <ObjectLink kind="connection" id={resolution.connection} />
          ),
        ],
        [
          text('decision.wire'),
          <span>
            <IconClipboardText size={16} aria-hidden="true" /> {wire.http}{' '}
            {[wire.error, wire.error_description].filter(Boolean).join(' · ')}
          </span>,
        ],
        [
          text('decision.snapshot'),
          Object.entries(snapshot)
            .map(([name, value]) => `${name} ${value}`)
            .join(' · '),
        ],
      ]}
    />
  )
}

type Chain = NonNullable<NonNullable<Decision['request']['subject']>['chain']>

/** The apps between the user and the requesting app, each with the connection of its access token. */
function Hops({ chain: { hops } }: { readonly chain: Chain }) {
  return (
    <ol className="cw-plain-list">
      {hops.map(({ app, connection }) => (
        <li key={connection}>
          <ObjectLink kind="app" id={app} /> · <ObjectLink kind="connection" id={connection} />
        </li>
      ))}
    </ol>
  )
}
