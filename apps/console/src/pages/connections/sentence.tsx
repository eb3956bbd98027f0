// A connection as a plain sentence: who may act for whom, where, with which scopes, until when.
import type { Connection } from '../../api/objects.ts'
import { formatDay } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import type { Names } from '../../session/names.ts'

type Described = Pick<
  Connection,
  'app' | 'resourceApp' | 'subject' | 'assignments' | 'scopes' | 'expiresAt' | 'notBefore' | 'conditions'
>

const MAX_NAMED = 2

/** @returns the users in words: few by name, many as a number */
function describeUsers({ everyone, users, groups }: Connection['assignments'], names: Names): string {
  if (everyone) return text('everyone')
  const parts = [
    ...groups.map((name) => text('sentence.group', { name })),
    ...(users.length <= MAX_NAMED
      ? users.map((id) => names.user(id))
      : [text('sentence.users', { n: users.length })]),
  ]
  return parts.length === 0 ? text('sentence.noUsers') : joinWords(parts)
}

function joinWords(words: readonly string[]): string {
  return words.length <= 1
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} ${text('sentence.and')} ${words.at(-1) ?? ''}`
}

interface SentenceProps {
  readonly connection: Described
  readonly names: Names
  /** It was in effect, and is no longer */
  readonly isOver?: boolean
}

export function Sentence({ connection, names, isOver = false }: SentenceProps) {
  const { scopes, notBefore, expiresAt, conditions } = connection
  return (
    <>
      <strong>{names.app(connection.app)}</strong> {text(isOver ? 'sentence.mightAct' : 'sentence.mayAct')}{' '}
      <strong>
        {connection.subject === 'workload'
          ? text('sentence.itself')
          : describeUsers(connection.assignments, names)}
      </strong>{' '}
      {text('sentence.at')} <strong>{names.resourceApp(connection.resourceApp)}</strong>{' '}
      {text('sentence.with')}{' '}
      <strong>{scopes.length === 0 ? text('sentence.noScopes') : scopes.join(', ')}</strong>
      {notBefore === undefined ? '' : text('sentence.from', { day: formatDay(notBefore) })}
      {expiresAt === undefined
        ? text('sentence.noEnd')
        : text('sentence.until', { day: formatDay(expiresAt) })}
      {conditions.window === undefined ? '' : text('sentence.window', { window: conditions.window })}
      {conditions.maxAuthAgeSeconds === undefined
        ? ''
        : text('sentence.signIn', { hours: Math.round(conditions.maxAuthAgeSeconds / 360) / 10 })}
      {conditions.acr === undefined ? '' : text('sentence.acr', { acr: conditions.acr.join(' or ') })}
      {conditions.dpop === 'required' ? text('sentence.dpop') : ''}.
    </>
  )
}
