// What would allow the request: as recorded with the decision and, for a denial, the current outcome and the smallest changes. Each was verified by
// evaluating again; nothing changes until the user presses a button.
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
  const refused = decision.outcome !== 'allow' && decision.stage === 'idp.token_exchange'
  const can = useCan()
  if (decision.remedies.length === 0 && !refused) return null
  return (
    <section className="cw-remedies" aria-label={text('remedy.title')}>
      <h3>
        <IconBulb size={18} aria-hidden="true" /> {text('remedy.title')}
      </h3>
      <RemedyList decision={decision} />
      {refused && can('explain') && decision.mode === 'enforced' ? (
        <CurrentDecision decision={decision} />
      ) : null}
    </section>
  )
}

interface RemedyListProps {
  readonly decision: Decision
  /** Already shown */
  readonly except?: Decision['remedies']
}

function RemedyList({ decision, except = [] }: RemedyListProps) {
  const shown = new Set(except.map(({ text: sentence }) => sentence))
  const remedies = decision.remedies.filter(({ text: sentence }) => !shown.has(sentence))
  return (
    <ul className="cw-plain-list">
      {remedies.map((remedy) => (
        <RemedyItem key={`${remedy.rank} ${remedy.text}`} decision={decision} remedy={remedy} />
      ))}
    </ul>
  )
}

interface RemedyItemProps {
  readonly decision: Decision
  readonly remedy: Decision['remedies'][number]
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
            {text('remedy.verified', { outcome: verified.replace(/^re-evaluated: /, '') })}
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

function CurrentDecision({ decision }: { readonly decision: Decision }) {
  const query = useApi('explain', { body: { decisionId: decision.decision_id } })
  return (
    <Loaded query={query} skeleton={<Loading lines={2} />}>
      {({ body: { now } }) =>
        now === undefined ? (
          <p>{text('remedy.cannotJudge')}</p>
        ) : (
          <div className="cw-judged-now">
            <p className="cw-title-row">
              <strong>{text('remedy.now')}</strong>
              <OutcomeChip outcome={now.outcome} narrowed={now.narrowed.length > 0} />
              <Token>{now.code}</Token>
            </p>
            <p>{now.summary.admin}</p>
            <RemedyList decision={now} except={decision.remedies} />
          </div>
        )
      }
    </Loaded>
  )
}
