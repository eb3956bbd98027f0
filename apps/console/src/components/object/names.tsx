// One name in a cell of a table, where a record knows the id alone.
import { useNames } from '../../pages/connections/use-names.ts'

interface NameProps {
  readonly id: string
}

export function PersonName({ id }: NameProps) {
  return <>{useNames().person(id)}</>
}

export function AppName({ id }: NameProps) {
  return <>{useNames().app(id)}</>
}

export function ResourceAppName({ id }: NameProps) {
  return <>{useNames().resourceApp(id)}</>
}
