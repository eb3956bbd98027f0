// Actor and target of an event, by name. An authorization server's ids of users and apps may mean different ones here, so its log shows no names of
// this identity provider.
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { useNames } from '../../session/names.ts'
import { AppName, UserName, ObjectName } from '../../components/object/names.tsx'

interface EventProps {
  readonly event: {
    readonly log: string
    readonly actor?: { readonly kind?: string; readonly id?: string; readonly display?: string }
    readonly target?: { readonly kind?: string; readonly id?: string }
    readonly on_behalf_of?: { readonly user_ref?: string }
    readonly decision?: { readonly request: { readonly subject?: { readonly display?: string } } }
  }
}

export function EventActor({ event: { log, actor } }: EventProps) {
  if (actor?.display !== undefined) return <>{actor.display}</>
  if (actor?.id === undefined) return <>–</>
  if (isForeign(log)) return <>{actor.id}</>
  const isApp = actor.kind === 'app' || actor.kind === 'agent'
  return isApp ? <AppName id={actor.id} /> : <UserName id={actor.id} />
}

/** The name that the decision recorded is second best: the user may have been renamed. */
export function EventUser({ event: { log, on_behalf_of: user, decision } }: EventProps) {
  const names = useNames()
  const id = user?.user_ref ?? ''
  const name = isForeign(log) ? id : names.user(id)
  return <>{name === id ? (decision?.request.subject?.display ?? id) : name}</>
}

/** Empty if the event is about everything. */
export function EventTarget({ event: { log, target } }: EventProps) {
  if (target?.id === undefined || target.id === '*') return null
  if (target.kind === 'review') return <ReviewName id={target.id} />
  return <ObjectName kind={isForeign(log) ? undefined : target.kind} id={target.id} />
}

function ReviewName({ id }: { readonly id: string }) {
  const { data } = useApiIfAllowed('reviews.read', { params: { id } })
  return <>{data?.body.name ?? id}</>
}

function isForeign(log: string): boolean {
  return log.startsWith('as:')
}
