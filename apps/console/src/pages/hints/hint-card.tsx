// One hint: what was found, by which formula, against what, what to look at and what to do; muted, or open again.
import { Button } from '@mantine/core'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { type Names, useNames } from '../../api/names.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { ThingName } from '../../components/object/names.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useAnswerKeys } from '../../keyboard/use-answer-keys.ts'
import { formatNumber, text } from '../../texts/text.ts'
import type { Hint } from './hint-types.ts'
import { MuteDialog, UnmuteDialog } from './mute-dialogs.tsx'
import { SeverityChip } from './severity-chip.tsx'

export function HintCard({ hint }: { readonly hint: Hint }) {
  const { severity, subject, sentence, rule, formula, action, since, muted, feedback } = hint
  const names = useNames()
  return (
    <article>
      <p className="cw-title-row">
        <SeverityChip severity={severity} />
        <span className="cw-quiet-text">{text(`hints.rule.${rule}`)}</span>
      </p>
      <h2 className="cw-decision-headline">{sentence}</h2>
      <p>
        <PathLink path={action.path}>{action.text}</PathLink>
      </p>
      <Facts
        facts={[
          [text('hints.about'), <ThingName key="about" {...subject} />],
          [text('hints.formula'), formula],
          [text('hints.values'), <Values key="values" of={hint.values} />],
          [text('hints.baseline'), <Values key="baseline" of={hint.baseline} />],
          [text('hints.samples'), <Samples key="samples" of={hint.samples} />],
          [text('hints.since'), since === null ? '–' : <RelativeTime key="since" moment={since} />],
          [
            text('hints.feedback'),
            text('hints.feedbackValue', { muted: feedback.muted, falseAlarms: feedback.falseAlarms }),
          ],
          ...(muted === null ? [] : describeMute(muted, names)),
        ]}
      />
      <Muting hint={hint} />
    </article>
  )
}

/** @param path - with its query, as hints have it */
function PathLink({ path, children }: { readonly path: string; readonly children: string }) {
  const { pathname, searchParams } = new URL(path, location.origin)
  return (
    <Link to={pathname} search={Object.fromEntries(searchParams) as never}>
      {children}
    </Link>
  )
}

function Values({ of }: { readonly of: Hint['values'] }) {
  return (
    <ul className="cw-plain-list">
      {Object.entries(of).map(([name, value]) => (
        <li key={name}>
          <code>{name}</code> {typeof value === 'number' ? formatNumber(value) : (value ?? '–')}
        </li>
      ))}
    </ul>
  )
}

const PAGES = {
  app: '/apps/',
  connection: '/connections/',
  decision: '/decisions/',
  key: undefined,
  audit_stream: undefined,
} as const

function Samples({ of }: { readonly of: Hint['samples'] }) {
  if (of.length === 0) return <>–</>
  return (
    <ul className="cw-plain-list">
      {of.map(({ kind, id }) => (
        <li key={id}>
          {PAGES[kind] === undefined ? (
            <code>{id}</code>
          ) : (
            <Link to={`${PAGES[kind]}${encodeURIComponent(id)}`}>
              <ThingName kind={kind} id={id} />
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

function describeMute(
  { by, until, reason, falseAlarm }: NonNullable<Hint['muted']>,
  names: Names,
): readonly Fact[] {
  const who = names.person(by)
  return [
    [text('hints.mutedUntil'), <RelativeTime key="until" moment={until} />],
    [text('hints.mutedBy'), falseAlarm ? text('hints.byAsFalse', { by: who }) : who],
    [text('hints.mutedWhy'), reason],
  ]
}

const KEYS = { m: true } as const

function Muting({ hint }: { readonly hint: Hint }) {
  const [asking, setAsking] = useState(false)
  const route = hint.muted === null ? 'hints.mute' : 'hints.unmute'
  const whyNot = useWhyNot()(route)
  useAnswerKeys(KEYS, whyNot === undefined && !asking, setAsking)
  if (whyNot !== undefined) return <p className="cw-quiet-text">{whyNot}</p>
  const Icon = hint.muted === null ? IconBellOff : IconBell
  const Dialog = hint.muted === null ? MuteDialog : UnmuteDialog
  return (
    <>
      <div className="cw-dialog-buttons">
        <Button
          leftSection={<Icon size={16} aria-hidden="true" />}
          aria-keyshortcuts="m"
          onClick={() => setAsking(true)}
        >
          {text(hint.muted === null ? 'hints.mute' : 'hints.unmute')}
        </Button>
      </div>
      <Dialog id={hint.id} opened={asking} close={() => setAsking(false)} />
    </>
  )
}
