// One name in a cell of a table, where a record knows the id alone.
import { type Names, useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'

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

/** Kinds of what events, recommendations and blocks are about, as far as they have names. */
const NAMED: ReadonlyMap<string, Exclude<keyof Names, 'ends'>> = new Map([
  ['user', 'user'],
  ['app', 'app'],
  ['resource_app', 'resourceApp'],
  ['connection', 'connection'],
  ['access_request', 'accessRequest'],
])

interface ThingProps extends NameProps {
  readonly kind: string | undefined
}

/** The name with the id beside it; the id alone where there is no name. */
export function ThingName({ kind, id }: ThingProps) {
  const name = nameThing(useNames(), { kind, id })
  if (name === id) return <>{id}</>
  // One element: in a narrow list each would be a cell of its own.
  return (
    <span>
      {name} <code className="cw-quiet-text">{id}</code>
    </span>
  )
}

/** The same as one text. */
export function describeThing(names: Names, thing: ThingProps): string {
  const name = nameThing(names, thing)
  return name === thing.id ? name : text('name.withId', { name, id: thing.id })
}

function nameThing(names: Names, { kind = '', id }: ThingProps): string {
  const of = NAMED.get(kind)
  return of === undefined ? id : names[of](id)
}
