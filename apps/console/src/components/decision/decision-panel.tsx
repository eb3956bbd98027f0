// One decision in full: summary, stages, every check, the policies, and what would allow it. Shows the record without judging it.
import { Button, CopyButton, Tabs } from '@mantine/core'
import { IconCheck, IconLink } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'

import { questionOf, buildSimulation, buildTest } from './simulation.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { OutcomeChip, Token, Tokens } from '../chips.tsx'
import { CodeBlock } from '../code-block.tsx'
import { useTabKeys } from '../tabs.tsx'
import { RelativeTime } from '../time.tsx'
import type { Decision } from './check-groups.ts'
import { CheckList } from './check-list.tsx'
import { PolicyTraces } from './policy-traces.tsx'
import { Remedies } from './remedies.tsx'
import { RequestFacts } from './request-facts.tsx'
import { SimilarDecisions } from './similar-decisions.tsx'
import { StageStrip } from './stage-strip.tsx'
import { renderYaml } from '../render-yaml.ts'
import { Facts } from '../facts.tsx'
import { smallIcon } from '../small-icon.tsx'
import { pathOf } from '../object/object-path.ts'

/** The last only if the decision can become a test. */
const TABS = ['checks', 'request', 'token', 'raw', 'similar', 'test'] as const

interface DecisionPanelProps {
  readonly decision: Decision
  /** Heading level: of the page, or of a part of it */
  readonly level: 1 | 2
  /** Further buttons, on pages where they make sense */
  readonly actions?: ReactNode
}

export function DecisionPanel({ decision, level, actions }: DecisionPanelProps) {
  const Heading = `h${level}` as const
  const { outcome, code, summary, narrowed } = decision
  const tabs = canBeTest(decision) ? TABS : TABS.slice(0, -1)
  const [tab, setTab] = useState<string | null>(TABS[0])
  const step = (by: number) =>
    setTab((now) => tabs[(tabs.findIndex((one) => one === now) + by + tabs.length) % tabs.length] ?? now)
  useTabKeys(level === 1 ? step : undefined)
  return (
    <article className="cw-decision">
      <div className="cw-title-row">
        <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
        <Token>{code}</Token>
        <RelativeTime moment={decision.time} />
        <SimulateLink decision={decision} />
        <CopyLink decision={decision} />
        {actions}
      </div>
      <Heading className="cw-decision-headline">{summary.admin}</Heading>
      <StageStrip decision={decision} />
      <Remedies decision={decision} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} className="cw-tabs">
        <Tabs.List aria-label={text('decision.tabs')}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {text(`decision.${one}`)}
            </Tabs.Tab>
          ))}
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
        <Tabs.Panel value="test" className="cw-tab-panel">
          <DecisionAsTest decision={decision} />
        </Tabs.Panel>
      </Tabs>
    </article>
  )
}

/** The same request under the current definitions, to be varied. */
function SimulateLink({ decision }: { readonly decision: Decision }) {
  const can = useCan()
  const question = decision.mode === 'enforced' ? questionOf(decision) : undefined
  if (question === undefined || !can('simulate')) return null
  return (
    <Link to="/simulator" search={question}>
      {text('simulator.open')}
    </Link>
  )
}

/** A link to share; unrecorded decisions have none. */
function CopyLink({ decision: { mode, decision_id } }: { readonly decision: Decision }) {
  if (mode !== 'enforced') return null
  return (
    <CopyButton value={`${location.origin}/admin${pathOf('decision', decision_id)}`}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          leftSection={copied ? smallIcon(IconCheck) : smallIcon(IconLink)}
          onClick={copy}
        >
          {text(copied ? 'copy.copied' : 'decision.copyLink')}
        </Button>
      )}
    </CopyButton>
  )
}

/**
 * A recorded decision as a policy test: the same request with the recorded outcome, so that no change
 * of the outcome goes unnoticed.
 */
function canBeTest(decision: Decision): boolean {
  return decision.mode === 'enforced' && questionOf(decision) !== undefined
}

function DecisionAsTest({ decision }: { readonly decision: Decision }) {
  const question = questionOf(decision)
  // Omits the sign-in time, since a stored test runs repeatedly.
  const input = question === undefined ? undefined : buildSimulation(question, Date.parse(decision.time))
  if (input === undefined) return null
  return (
    <>
      <p className="cw-quiet-text">{text('simulator.asTestHelp')}</p>
      <CodeBlock
        label={text('simulator.asTest')}
        code={renderYaml(buildTest(input, decision, 'from-decisions'))}
      />
      <p>
        <Link to="/policy-tests">{text('decision.openTests')}</Link>
      </p>
    </>
  )
}

/**
 * What was granted, as far as recorded: the token itself is never stored, and never reaches a
 * browser.
 */
function GrantedToken({ decision }: { readonly decision: Decision }) {
  const { granted, narrowed } = decision
  const reduced = [
    text('granted.narrowed'),
    narrowed.length === 0
      ? text('word.none')
      : narrowed
          .map(({ scope, resource, by }) => text('granted.cut', { what: scope ?? resource ?? '', by }))
          .join('; '),
  ] as const
  if (granted === null)
    return (
      <>
        <p>{text('granted.nothing')}</p>
        {narrowed.length > 0 && <Facts facts={[reduced]} />}
      </>
    )
  return (
    <>
      <p className="cw-quiet-text">{text('granted.note')}</p>
      <Facts
        facts={[
          [text('word.audience'), granted.audience],
          [text('granted.clientId'), granted.client_id],
          [text('word.resource'), <Tokens items={granted.resource} />],
          [text('word.scopes'), <Tokens items={granted.scope} />],
          [text('word.subject'), `${granted.subject.value ?? '–'} · ${granted.subject.strategy}`],
          [text('granted.lifetime'), text('conditions.seconds', { n: granted.lifetime_seconds })],
          reduced,
        ]}
      />
    </>
  )
}
