// The handlers of blocks.
import type { blockRoutes } from '@crosswalk/admin-api'

import { authorOf, type Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from './access-revoker.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { isProblem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import {
  endBlock,
  findBlock,
  findBlockTarget,
  renderBlock,
  setBlock,
  revokeBlocked,
} from './standing-blocks.ts'

type Names = Extract<keyof typeof blockRoutes, `blocks.${string}`>

export function createBlockHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
): Pick<Handlers, Names> {
  const { directory, clock } = parts
  return {
    async 'blocks.list'({ query }) {
      const { blocks } = directory.current().world
      const found = [...blocks.values()].filter(
        ({ target, onlyFor }) =>
          query.target === undefined || (target === query.target && onlyFor === undefined),
      )
      return listPage(found.map(({ id }) => id).sort(), query, (id) => {
        const block = blocks.get(id)
        return block && renderBlock(block, clock.nowMs())
      })
    },
    async 'blocks.create'({ body }, context) {
      const target = await findBlockTarget(parts, body.kind, body.target, '/target')
      if (isProblem(target)) return target
      const id = chooseId('blk', context)
      const wanted = { id, ...target, kill: false, until: body.until }
      const existing = findBlock(parts, id)
      const past = existing === undefined ? checkFuture('/until', body.until, clock.nowMs()) : []
      if (past.length > 0) return invalidRequest(past)
      const block = existing ?? (await setBlock(parts, context, wanted))
      const other = refuseOtherRequest(block, { ...wanted, ...authorOf(context) })
      if (other !== undefined) return other
      const tokensRevoked = await revokeBlocked(parts, context, block, { onlyIfAny: existing !== undefined })
      return { status: 201, body: { ...renderBlock(block, clock.nowMs()), tokensRevoked } }
    },
    async 'blocks.lift'({ params: { id } }, context) {
      return (await endBlock(parts, context, { id })) ?? { status: 204 }
    },
  }
}
