// The block that denies the requests of an object. Its own state says nothing about blocks.
import type { BlockView as Block } from '@crosswalk/admin-api'

import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'

/** Everything of which a block stops the object; empty for an object that no block stops */
export type Stoppable = { readonly [K in Exclude<Block['kind'], 'everything'>]?: string | undefined }

/** @returns the block of the object itself, or else of what it belongs to, or of everything */
export function useBlock({ connection, app, user }: Stoppable): Block | undefined {
  const isStoppable = [connection, app, user].some((id) => id !== undefined)
  const blocks = [
    useBlockOn('connection', connection),
    useBlockOn('app', app),
    useBlockOn('user', user),
    useBlockOn('everything', isStoppable ? '*' : undefined),
  ]
  return blocks.find((block) => block !== undefined)
}

function useBlockOn(kind: Block['kind'], target: string | undefined): Block | undefined {
  const query = { target: target ?? '' }
  const { data } = useApiIfAllowed('blocks.list', { query }, { enabled: target !== undefined })
  return data?.body.items.find((one) => one.kind === kind && one.active)
}
