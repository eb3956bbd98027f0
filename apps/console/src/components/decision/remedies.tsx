// What would allow the request. A denied exchange is evaluated again, so its current outcome and the smallest changes are shown, each verified the same
// way; nothing changes until the user presses a button.
import { withServer } from '@crosswalk/protocol'
import { IconArrowRight, IconBulb } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { OutcomeChip, Token } from '../chips.tsx'
import { CodeBlock, CopyIcon } from '../code-block.tsx'
import { renderYaml } from '../render-yaml.ts'
import { Loaded, Loading } from '../states.tsx'
import type { Decision } from './check-groups.ts'
import { ApplyRemedy, TryRemedy } from './remedy-buttons.tsx'

export function Remedies({ decision }: { readonly decision: Decision }) {
  const can = useCan()
  const { remedies, outcome, stage, mode } = decision
  const isDeniedExchange = outcome !== 'allow' && stage === 'idp.token_exchange'
  const isEvaluatedAgain = isDeniedExchange && mode === 'enforced' && can('explain')
  if (remedies.length === 0 && !isEvaluatedAgain) return null
  return (
    <section className="cw-remedies" aria-label={text('remedy.title')}>
      <h3>
        <IconBulb size={18} aria-hidden="true" /> {text('remedy.title')}
      </h3>
      {isEvaluatedAgain ? (
        <CurrentRemedies decision={decision} />
      ) : (
        <RemedyList decision={decision} remedies={remedies} />
      )}
    </section>
  )
}

/** A recorded remedy may have been applied since, so only those that still help are offered. */
function CurrentRemedies({ decision }: { readonly decision: Decision }) {
  const query = useApi('explain', { body: { decisionId: decision.decision_id } })
  return (
    <Loaded query={query} skeleton={<Loading lines={2} />}>
      {({ body: { now } }) =>
        now === undefined ? (
          <>
            <RemedyList decision={decision} remedies={decision.remedies} />
            <p>{text('remedy.cannotJudge')}</p>
          </>
        ) : (
          <>
            <CurrentOutcome recorded={decision} now={now} />
            {now.outcome === 'allow' ? null : <RemedyList decision={now} remedies={now.remedies} />}
          </>
        )
      }
    </Loaded>
  )
}

interface CurrentOutcomeProps {
  readonly recorded: Decision
  readonly now: Decision
}

function CurrentOutcome({ recorded, now }: CurrentOutcomeProps) {
  return (
    <div role="status">
      <p className="cw-title-row">
        <strong>{text('remedy.now')}</strong>
        <OutcomeChip outcome={now.outcome} narrowed={now.narrowed.length > 0} />
        <Token>{now.code}</Token>
      </p>
      {now.outcome === 'allow' ? <p>{text('remedy.noneNeeded')}</p> : null}
      {now.summary.admin === recorded.summary.admin ? null : <p>{now.summary.admin}</p>}
    </div>
  )
}

type Remedy = Decision['remedies'][number]

interface RemedyListProps {
  readonly decision: Decision
  readonly remedies: Decision['remedies']
}

function RemedyList({ decision, remedies }: RemedyListProps) {
  return (
    <ul className="cw-plain-list">
      {remedies.filter(isNeeded).map((remedy) => (
        <RemedyItem key={`${remedy.rank} ${remedy.text}`} decision={decision} remedy={remedy} />
      ))}
    </ul>
  )
}

/** General advice says less than a change that the same role can make and that was evaluated. */
function isNeeded(remedy: Remedy, _: number, all: readonly Remedy[]): boolean {
  return (
    remedy.verified !== undefined ||
    !all.some((one) => one.verified !== undefined && one.owner === remedy.owner)
  )
}

interface RemedyItemProps {
  readonly decision: Decision
  readonly remedy: Remedy
}

function RemedyItem({ decision, remedy }: RemedyItemProps) {
  const { owner, text: sentence, console: link, cli, verified, edits = [] } = remedy
  return (
    <li className="cw-remedy">
      <div>
        <span className="cw-quiet-text">{text(`remedy.owner.${owner}`)}</span> {sentence}
        {verified === undefined ? null : (
          <span className="cw-remedy-verified">
            {' '}
            {text('remedy.verified', { scopes: verified.replace(/^re-evaluated: allow| \(\)$/g, '') })}
          </span>
        )}
      </div>
      {link === undefined ? null : (
        <Link to={link} className="cw-remedy-link">
          {text('word.open')} <IconArrowRight size={16} aria-hidden="true" />
        </Link>
      )}
      {cli === undefined ? null : <CommandLine cli={cli} />}
      {edits.map(({ file, line, object, patch }) => (
        <CodeBlock
          key={object}
          label={text('remedy.edit', { object, file, line: line ?? '?' })}
          code={renderYaml(patch)}
        />
      ))}
      <div className="cw-remedy-actions">
        <ApplyRemedy remedy={remedy} />
        <TryRemedy decision={decision} remedy={remedy} />
      </div>
    </li>
  )
}

/** Names the server, since the shell may have the profile of another one. */
function CommandLine({ cli }: { readonly cli: string }) {
  const { baseUrl } = useSession()
  const command = withServer(cli, baseUrl)
  return (
    <div className="cw-copyable">
      <Token>{command}</Token>
      <CopyIcon what={text('viewAs.cli')} value={command} />
    </div>
  )
}
