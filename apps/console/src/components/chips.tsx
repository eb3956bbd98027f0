// States as icon, word and colour together, never by colour alone.
import {
  IconAddressBook,
  IconArrowUp,
  IconCheck,
  IconCircleDashed,
  IconCircleHalf2,
  IconClock,
  IconFileText,
  IconHourglass,
  IconInfoCircle,
  IconPencil,
  IconPlayerPause,
  IconBan,
  IconX,
  IconAlertTriangle,
} from '@tabler/icons-react'
import { Tooltip } from '@mantine/core'
import type { ComponentType } from 'react'

import { text, type TextCode } from '../texts/text.ts'

type Tone = 'allow' | 'deny' | 'warn' | 'info' | 'quiet'

interface ChipStyle {
  readonly tone: Tone
  readonly icon: ComponentType<{ size?: number; stroke?: number }>
}

export const CHIP_STYLES = {
  allow: { tone: 'allow', icon: IconCheck },
  narrowed: { tone: 'warn', icon: IconCircleHalf2 },
  deny: { tone: 'deny', icon: IconX },
  step_up: { tone: 'info', icon: IconArrowUp },
  pending: { tone: 'warn', icon: IconClock },
  error: { tone: 'deny', icon: IconAlertTriangle },
  active: { tone: 'allow', icon: IconCheck },
  inactive: { tone: 'quiet', icon: IconX },
  draft: { tone: 'quiet', icon: IconPencil },
  'report-only': { tone: 'info', icon: IconCircleDashed },
  suspended: { tone: 'warn', icon: IconPlayerPause },
  revoked: { tone: 'deny', icon: IconBan },
  expired: { tone: 'quiet', icon: IconHourglass },
  scheduled: { tone: 'info', icon: IconClock },
  blocked: { tone: 'deny', icon: IconBan },
  enforced: { tone: 'allow', icon: IconCheck },
  off: { tone: 'quiet', icon: IconX },
  open: { tone: 'warn', icon: IconClock },
  approved: { tone: 'allow', icon: IconCheck },
  declined: { tone: 'deny', icon: IconX },
  ended: { tone: 'quiet', icon: IconHourglass },
  canceled: { tone: 'quiet', icon: IconX },
  proved: { tone: 'allow', icon: IconCheck },
  current: { tone: 'allow', icon: IconCheck },
  next: { tone: 'info', icon: IconClock },
  retired: { tone: 'quiet', icon: IconHourglass },
  ok: { tone: 'allow', icon: IconCheck },
  info: { tone: 'info', icon: IconInfoCircle },
  warn: { tone: 'warn', icon: IconAlertTriangle },
  file: { tone: 'quiet', icon: IconFileText },
} as const satisfies Record<string, ChipStyle>
export type ChipState = keyof typeof CHIP_STYLES

export interface StateChipProps {
  readonly state: ChipState
  /** Replaces the default word */
  readonly label?: string | undefined
}

export function StateChip({ state, label }: StateChipProps) {
  const { tone, icon: Icon } = CHIP_STYLES[state]
  return (
    <span className={`cw-chip cw-${tone}`}>
      <Icon size={14} stroke={2.4} aria-hidden="true" />
      {label ?? nameOfState(state)}
    </span>
  )
}

/** The state of an object, and a second chip if a block denies its requests, which the state does not show. */
export function StateChips({
  state,
  blocked = false,
}: {
  readonly state: ChipState
  readonly blocked?: boolean | undefined
}) {
  return (
    <span className="cw-tokens">
      <StateChip state={state} />
      {blocked ? <StateChip state="blocked" /> : null}
    </span>
  )
}

export function nameOfState(state: ChipState): string {
  return text(`chip.${state}` satisfies TextCode)
}

/** Where an object comes from */
export interface Owned {
  readonly owner: 'file' | 'database'
  /** The directory that provisions a user or group */
  readonly directory?: string | undefined
}

/** Marks objects of the configuration file, and of a directory such as Okta. */
export function OwnerChip({ owner, directory }: Owned) {
  if (owner === 'file')
    return (
      <OriginChip help={text('connection.fileOwned')} icon={IconFileText}>
        {text('chip.file')}
      </OriginChip>
    )
  if (directory === undefined) return null
  return (
    <OriginChip help={text('object.directoryOwned')} icon={IconAddressBook}>
      {text('chip.directory', { directory })}
    </OriginChip>
  )
}

interface OriginChipProps {
  readonly help: string
  readonly icon: typeof IconFileText
  readonly children: string
}

function OriginChip({ help, icon: Icon, children }: OriginChipProps) {
  return (
    <Tooltip label={help}>
      <span tabIndex={0} className="cw-chip cw-quiet">
        <Icon size={14} aria-hidden="true" />
        {children}
      </span>
    </Tooltip>
  )
}

export function OutcomeChip({ outcome, narrowed }: { readonly outcome: string; readonly narrowed: boolean }) {
  const state = outcome === 'allow' && narrowed ? 'narrowed' : outcome
  return state in CHIP_STYLES ? <StateChip state={state as ChipState} /> : <>{outcome}</>
}

/** Number of letters that fit next to a row label on the narrowest screen. */
const WHOLE_LENGTH = 18

/** A short external text, such as a scope, id or code. Wraps only if necessary. */
export function Token({ children, tone }: { readonly children: string; readonly tone?: Tone }) {
  return (
    <code
      className={tone === undefined ? 'cw-token' : `cw-token cw-${tone}`}
      data-whole={children.length <= WHOLE_LENGTH}
    >
      {children}
    </code>
  )
}

export function Tokens({ items, empty }: { readonly items: readonly string[]; readonly empty?: string }) {
  if (items.length === 0) return <span className="cw-quiet-text">{empty ?? text('word.none')}</span>
  return (
    <span className="cw-tokens">
      {items.map((item) => (
        <Token key={item}>{item}</Token>
      ))}
    </span>
  )
}
