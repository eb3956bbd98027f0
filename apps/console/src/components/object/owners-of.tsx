// The owners of an app; a warning if none of them is active.
import type { App } from '../../api/objects.ts'
import { text } from '../../texts/text.ts'
import { StateChip } from '../chips.tsx'
import { ObjectLinks } from './names.tsx'

export function OwnersOf({ app }: { readonly app: Pick<App, 'owners' | 'activeOwners'> }) {
  return (
    <>
      {app.owners.length === 0 ? null : <ObjectLinks kind="user" ids={app.owners} />}
      {app.activeOwners.length === 0 ? <StateChip state="warn" label={text('agents.noOwner')} /> : null}
    </>
  )
}
