// One decision, wholly explained: the sentence, the stages it went through, every check, the rules, and how to get to
// yes. Shows the record and judges nothing.
import { Tabs } from '@mantine/core'
import { IconClipboardText } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { questionOf } from '../../pages/policies/simulation.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { OutcomeChip, Token, Tokens } from '../chips.tsx'
import { CodeBlock, Copyable } from '../code-block.tsx'
import { Facts } from '../facts.tsx'
import { formatExact, RelativeTime } from '../time.tsx'
import type { Decision } from './check-groups.ts'
import { CheckList } from './check-list.tsx'
import { PolicyTraces } from './policy-traces.tsx'
import { Remedies } from './remedies.tsx'
import { SimilarDecisions } from './similar-decisions.tsx'
import { StageStrip } from './stage-strip.tsx'
import { GrantedToken } from './granted-token.tsx'

interface DecisionPanelProps {
  readonly decision: Decision
  /** As heading of the page, or of something on it */
  readonly level: 1 | 2
}

export function DecisionPanel({ decision, level }: DecisionPanelProps) {
  const Heading = `h${level}` as const
  const { outcome, code, summary, narrowed } = decision
  return (
    <article className="cw-decision">
      <div className="cw-title-row">
        <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
        <Token>{code}</Token>
        <RelativeTime moment={decision.time} />
        <SimulateLink decision={decision} />
      </div>
      <Heading className="cw-decision-headline">{summary.admin}</Heading>
      <StageStrip decision={decision} />
      <Remedies decision={decision} />
      <Tabs defaultValue="checks" keepMounted={false} className="cw-tabs">
        <Tabs.List aria-label={text('decision.tabs')}>
          <Tabs.Tab value="checks">{text('decision.checks')}</Tabs.Tab>
          <Tabs.Tab value="request">{text('decision.request')}</Tabs.Tab>
          <Tabs.Tab value="token">{text('decision.token')}</Tabs.Tab>
          <Tabs.Tab value="raw">{text('decision.raw')}</Tabs.Tab>
          <Tabs.Tab value="similar">{text('decision.similar')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="checks" className="cw-tab-panel">
          <CheckList decision={decision} />
          <PolicyTraces decision={decision} />
        </Tabs.Panel>
        <Tabs.Panel value="request" className="cw-tab-panel">
          <RequestFacts decision={decision} />
        </Tabs.Panel>
        <Tabs.Panel value="token" className="cw-tab-panel">
          <GrantedToken decision={decision} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" className="cw-tab-panel">
          <CodeBlock label={text('decision.raw')} code={JSON.stringify(decision, null, 2)} />
        </Tabs.Panel>
        <Tabs.Panel value="similar" className="cw-tab-panel">
          <SimilarDecisions decision={decision} />
        </Tabs.Panel>
      </Tabs>
    </article>
  )
}

/** The same question as things are now, to be varied. */
function SimulateLink({ decision }: { readonly decision: Decision }) {
  const can = useCan()
  const question = decision.mode === 'enforced' ? questionOf(decision) : undefined
  if (question === undefined || !can('simulate')) return null
  return (
    <Link to="/simulator" search={question as never}>
      {text('simulator.open')}
    </Link>
  )
}

function RequestFacts({ decision }: { readonly decision: Decision }) {
  const { request, resolution, wire, snapshot } = decision
  const app = request.requesting_app
  const person = request.subject
  return (
    <Facts
      facts={[
        [text('decision.id'), <Copyable key="id" what={text('decision.id')} value={decision.decision_id} />],
        [
          text('decision.trace'),
          <Copyable key="trace" what={text('decision.trace')} value={decision.trace_id} />,
        ],
        [text('decision.time'), formatExact(decision.time)],
        [text('decision.stage'), text(`stage.${decision.stage}`)],
        [text('decision.app'), app === null ? text('value.unknown') : `${app.id} · ${app.auth ?? '–'}`],
        [
          text('decision.person'),
          person?.ref === undefined ? (
            text('value.unknown')
          ) : (
            <Link to={`/users/${encodeURIComponent(person.ref)}`}>{person.display ?? person.ref}</Link>
          ),
        ],
        [
          text('decision.signedIn'),
          person?.auth_time === undefined ? '–' : `${formatExact(person.auth_time)} · ${person.acr ?? '–'}`,
        ],
        [text('decision.audience'), request.audience ?? '–'],
        [text('decision.resource'), <Tokens key="resource" items={request.resource} />],
        [text('decision.scope'), <Tokens key="scope" items={request.scope} />],
        [text('decision.resolution'), resolution.how ?? '–'],
        [
          text('decision.connection'),
          resolution.connection === undefined ? (
            text('value.none')
          ) : (
            <Link to={`/connections/${encodeURIComponent(resolution.connection)}`}>
              {resolution.connection}
            </Link>
          ),
        ],
        [
          text('decision.wire'),
          <span key="wire">
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
