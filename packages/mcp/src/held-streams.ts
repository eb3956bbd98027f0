// Streams that stay open for later events. Each ends with its token, and each caller can hold a limited number of them.
import { holdToToken, type Resource, type Xaa } from '@crosswalk/resource'
import { ProtocolErrorCode } from '@modelcontextprotocol/server'

/** Per user and client. The SDK has 1024 in total: without this limit, one caller could exhaust them. */
export const MAX_STREAMS_PER_CALLER = 32

/** Releases a slot; calling it again has no effect. */
type Release = () => void

interface Opening {
  readonly xaa: Xaa
  /** Of the message */
  readonly id: unknown
  /** Calls the SDK's handler */
  readonly handle: () => Promise<Response>
}

export type OpenStream = (request: Request, opening: Opening) => Promise<Response>

/** @returns a function that opens a stream for as long as the token of the request is live */
export function createStreams(resource: Pick<Resource, 'isLive'>): OpenStream {
  const takePlace = createPlaces()
  return async (request, { xaa, id, handle }) => {
    const release = takePlace(JSON.stringify([xaa.client, xaa.user]))
    if (release === undefined) {
      // The SDK's response if all slots are taken.
      const error = { code: ProtocolErrorCode.InternalError, message: 'Subscription limit reached' }
      return Response.json({ jsonrpc: '2.0', id, error })
    }
    try {
      return holdToToken(await handle(), { isLive: () => resource.isLive(request), release })
    } catch (fault) {
      release()
      throw fault
    }
  }
}

/** @returns a function that reserves a slot for a caller; undefined if the caller has none left */
function createPlaces(): (caller: string) => Release | undefined {
  const taken = new Map<string, number>()
  return (caller) => {
    const count = taken.get(caller) ?? 0
    if (count >= MAX_STREAMS_PER_CALLER) return undefined
    taken.set(caller, count + 1)
    let isTaken = true
    return () => {
      const left = (taken.get(caller) ?? 0) - (isTaken ? 1 : 0)
      isTaken = false
      if (left > 0) taken.set(caller, left)
      else taken.delete(caller)
    }
  }
}
