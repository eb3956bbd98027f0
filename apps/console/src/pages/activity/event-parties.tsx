// Actor and target of an event, by name. An authorization server's ids of users and apps may mean different ones here, so its log shows no names of
// this identity provider.
import { isObject } from '@crosswalk/protocol'

import { text } from '../../texts/text.ts'
import { type AdminEvent, changeOf, nameOfEvent } from './event.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { type NamedCollection, type Names, useNames } from '../../session/names.ts'
import { AppName, UserName, ObjectName } from '../../components/object/names.tsx'

type PartyMembers = 'log' | 'type' | 'actor' | 'target' | 'on_behalf_of' | 'delegation' | 'change'

interface EventProps {
  readonly event: Pick<AdminEvent, PartyMembers> & {
    readonly decision?: { readonly request: { readonly subject?: { readonly display?: string } } }
  }
}

export function EventActor({ event: { log, actor } }: EventProps) {
  if (actor?.display !== undefined) return <>{actor.display}</>
  if (actor?.id === undefined) return <>–</>
  if (actor.kind === 'system') return <>{text('name.system')}</>
  if (isForeign(log)) return <>{actor.id}</>
  const isApp = actor.kind === 'app' || actor.kind === 'agent'
  return isApp ? <AppName id={actor.id} /> : <UserName id={actor.id} />
}

/** What happened, to what, and for which user, unless the target already names them. */
export function EventSentence({ event }: EventProps) {
  const { target, on_behalf_of: user } = event
  const isNamed = ['user', 'access_grant', 'access_request'].includes(target?.kind ?? '')
  return (
    <>
      <strong>{nameOfEvent(event)}</strong> <EventTarget event={event} />
      {user?.user_ref === undefined || isNamed ? null : (
        <>
          {' '}
          {text('audit.forUser')} <EventUser event={event} />
        </>
      )}
    </>
  )
}

/** The name that the decision recorded is second best: the user may have been renamed. */
export function EventUser({ event: { log, on_behalf_of: user, decision } }: EventProps) {
  const names = useNames()
  const id = user?.user_ref ?? ''
  const name = isForeign(log) ? id : names.user(id)
  return <>{name === id ? (decision?.request.subject?.display ?? id) : name}</>
}

/** Empty if the event is about everything. */
export function EventTarget({ event }: EventProps) {
  const { log, target, change } = event
  if (target?.id === undefined || target.id === '*') return null
  if (isForeign(log)) return <ObjectName kind={undefined} id={target.id} />
  switch (target.kind) {
    case 'review':
      return <ReviewName id={target.id} />
    case 'access_grant':
      return <GrantName event={event} />
    case 'admin_token':
      return <>{nameOfToken(change) ?? target.id}</>
    default:
      return changeOf(event) === undefined ? (
        <ObjectName kind={target.kind} id={target.id} />
      ) : (
        <ChangedName event={event} />
      )
  }
}

const NAMED = ['users', 'apps', 'resource-apps', 'connections'] as const satisfies readonly NamedCollection[]

/** The last name of a deleted object is in its history. */
function ChangedName({ event }: EventProps) {
  const names = useNames()
  const { kind = '' } = event.target ?? {}
  const { id = '', collection } = changeOf(event) ?? {}
  const named = NAMED.find((one) => one === collection)
  const isDeleted = named !== undefined && names.isMissing(named, id)
  const { data } = useApiIfAllowed(`${named ?? 'users'}.history`, { params: { id } }, { enabled: isDeleted })
  const last = data?.body.items.find(({ definition }) => definition !== undefined)?.definition
  const name = isDeleted && last !== undefined ? nameOfDefinition(last, names) : undefined
  if (name === undefined) return <ObjectName kind={kind} id={id} />
  return (
    <span>
      {name} <code className="cw-quiet-text">{id}</code>
    </span>
  )
}

function nameOfDefinition(definition: object, names: Names): string | undefined {
  const { name, username, app, resourceApp } = definition as Readonly<Record<string, string | undefined>>
  if (app !== undefined && resourceApp !== undefined) return names.appPair({ app, resourceApp })
  return name ?? username
}

/** As access requests are named. The event says whose access over which connection it is. */
function GrantName({ event: { on_behalf_of: user, delegation } }: EventProps) {
  const names = useNames()
  const who = names.user(user?.user_ref ?? '')
  return <>{text('name.accessRequest', { who, apps: names.connection(delegation?.connection ?? '') })}</>
}

function nameOfToken(change: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const token = change?.['token']
  return isObject(token) && typeof token['name'] === 'string' ? token['name'] : undefined
}

function ReviewName({ id }: { readonly id: string }) {
  const { data } = useApiIfAllowed('reviews.read', { params: { id } })
  return <>{data?.body.name ?? id}</>
}

function isForeign(log: string): boolean {
  return log.startsWith('as:')
}
