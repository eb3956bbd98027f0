// Shows the name of an object given only its id, linked to its page.
import { Link } from '@tanstack/react-router'

import { type Names, useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { type KindWithPage, pathOf } from './object-path.ts'

interface NameProps {
  readonly id: string
}

export function UserName({ id }: NameProps) {
  return <>{useNames().user(id)}</>
}

export function AppName({ id }: NameProps) {
  return <>{useNames().app(id)}</>
}

export function ResourceAppName({ id }: NameProps) {
  return <>{useNames().resourceApp(id)}</>
}

/** Kinds of objects in events, recommendations and blocks that have names. */
const NAMED: ReadonlyMap<string, Exclude<keyof Names, 'appPair' | 'isMissing'>> = new Map([
  ['user', 'user'],
  ['app', 'app'],
  ['resource_app', 'resourceApp'],
  ['connection', 'connection'],
  ['access_request', 'accessRequest'],
])

interface LinkProps extends NameProps {
  readonly kind: KindWithPage
  readonly className?: string
}

export function ObjectLink({ kind, id, className }: LinkProps) {
  const name = nameObject(useNames(), { kind, id })
  return (
    <Link to={pathOf(kind, id)} className={className}>
      {name}
    </Link>
  )
}

export function ObjectLinks({ kind, ids }: Pick<LinkProps, 'kind'> & { readonly ids: readonly string[] }) {
  if (ids.length === 0) return <span className="cw-quiet-text">{text('word.none')}</span>
  return (
    <span className="cw-tokens">
      {ids.map((id) => (
        <ObjectLink key={id} kind={kind} id={id} />
      ))}
    </span>
  )
}

interface ObjectNameProps extends NameProps {
  readonly kind: string | undefined
}

/** The name with the id next to it; only the id if there is no name. For a request, its users and apps. */
export function ObjectName({ kind, id }: ObjectNameProps) {
  const name = nameObject(useNames(), { kind, id })
  if (name === id || kind === 'access_request') return <>{name}</>
  // One element, since in a narrow list each child would become a cell.
  return (
    <span>
      {name} <code className="cw-quiet-text">{id}</code>
    </span>
  )
}

/** The same as plain text. */
export function describeObject(names: Names, thing: ObjectNameProps): string {
  const name = nameObject(names, thing)
  return name === thing.id ? name : text('name.withId', { name, id: thing.id })
}

function nameObject(names: Names, { kind = '', id }: ObjectNameProps): string {
  const of = NAMED.get(kind)
  return of === undefined ? id : names[of](id)
}
