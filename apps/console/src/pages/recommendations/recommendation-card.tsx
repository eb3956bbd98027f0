// One recommendation: finding, rule, evidence, links and actions; can be muted and reopened.
import { Button } from '@mantine/core'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { type Names, useNames } from '../../session/names.ts'
import { nameField } from '../../api/problem.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { ObjectName } from '../../components/object/names.tsx'
import { hasPage, pathOf } from '../../components/object/object-path.ts'
import { RelativeTime } from '../../components/time.tsx'
import { useDecisionKeys } from '../../keyboard/use-decision-keys.ts'
import { findText } from '../../texts/known.ts'
import { countText, formatNumber, text, type TextCode } from '../../texts/text.ts'
import type { Recommendation } from './recommendation-types.ts'
import { confirmMute, confirmUnmute } from './confirm-mute.tsx'
import { SeverityChip } from './severity-chip.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

export function RecommendationCard({ recommendation }: { readonly recommendation: Recommendation }) {
  const { severity, subject, sentence, rule, formula, action, samples, since, muted, feedback } =
    recommendation
  const names = useNames()
  return (
    <article>
      <p className="cw-title-row">
        <SeverityChip severity={severity} />
        <span className="cw-quiet-text">{text(`recommendations.rule.${rule}`)}</span>
      </p>
      <h2 className="cw-decision-headline">{sentence}</h2>
      <p>
        <PathLink path={action.path}>{action.text}</PathLink>
      </p>
      <Facts
        facts={[
          [text('recommendations.about'), <Subject key="about" subject={subject} />],
          [text('word.rule'), formula],
          valuesFact('word.found', recommendation.values),
          valuesFact('recommendations.baseline', recommendation.baseline),
          samples.length === 0
            ? null
            : [text('recommendations.samples'), <Samples key="samples" of={samples} />],
          since === null ? null : [text('word.since'), <RelativeTime key="since" moment={since} />],
          feedback.muted === 0
            ? null
            : [
                text('recommendations.feedback'),
                countText('recommendations.mutedOnce', 'recommendations.mutedTimes', feedback.muted, {
                  falseAlarms: formatNumber(feedback.falseAlarms),
                }),
              ],
          ...(muted === null ? [] : describeMute(muted, names)),
        ]}
      />
      <MuteButton recommendation={recommendation} />
    </article>
  )
}

/** What a recommendation is about: an object by name, or this server. */
export function Subject({ subject }: Pick<Recommendation, 'subject'>) {
  return subject.kind === 'server' ? text('recommendations.thisServer') : <ObjectName {...subject} />
}

/** @param path - including its query */
function PathLink({ path, children }: { readonly path: string; readonly children: string }) {
  const { pathname, searchParams } = new URL(path, location.origin)
  return (
    <Link to={pathname} search={Object.fromEntries(searchParams)}>
      {children}
    </Link>
  )
}

/** The values that the rule measured; null if it measured none. */
function valuesFact(label: TextCode, values: Recommendation['values']): Fact | null {
  const known = Object.entries(values).filter(([, value]) => value !== null)
  if (known.length === 0) return null
  return [
    text(label),
    <ul key={label} className="cw-plain-list">
      {known.map(([name, value]) => (
        <li key={name}>
          {nameValue(name)}: {renderValue(value)}
        </li>
      ))}
    </ul>,
  ]
}

/** Rules name their values for programs; some of these names need other words for a reader. */
function nameValue(name: string): string {
  return findText(`recommendations.value.${name}`) ?? nameField(name)
}

function renderValue(value: Recommendation['values'][string]): ReactNode {
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'string' && RFC_3339.test(value) ? <RelativeTime moment={value} /> : value
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T/

function Samples({ of }: { readonly of: Recommendation['samples'] }) {
  return (
    <ul className="cw-plain-list">
      {of.map(({ kind, id }) => (
        <li key={id}>
          {hasPage(kind) ? (
            <Link to={pathOf(kind, id)}>
              <ObjectName kind={kind} id={id} />
            </Link>
          ) : (
            <code>{id}</code>
          )}
        </li>
      ))}
    </ul>
  )
}

function describeMute(
  { by, until, reason, falseAlarm }: NonNullable<Recommendation['muted']>,
  names: Names,
): readonly Fact[] {
  const who = names.user(by)
  return [
    [text('recommendations.mutedUntil'), <RelativeTime key="until" moment={until} />],
    [text('recommendations.mutedBy'), falseAlarm ? text('recommendations.byAsFalse', { by: who }) : who],
    [text('word.reason'), reason],
  ]
}

const KEYS = { m: true } as const

function MuteButton({ recommendation: { id, muted } }: { readonly recommendation: Recommendation }) {
  const isMuted = muted !== null
  const forbiddenReason = useForbiddenReason()(isMuted ? 'recommendations.unmute' : 'recommendations.mute')
  const ask = () => (isMuted ? confirmUnmute(id) : confirmMute(id))
  useDecisionKeys(KEYS, forbiddenReason === undefined ? ask : undefined)
  if (forbiddenReason !== undefined) return <p className="cw-quiet-text">{forbiddenReason}</p>
  return (
    <div className="cw-dialog-buttons">
      <Button leftSection={smallIcon(isMuted ? IconBell : IconBellOff)} aria-keyshortcuts="m" onClick={ask}>
        {text(isMuted ? 'recommendations.unmute' : 'recommendations.mute')}
      </Button>
    </div>
  )
}
