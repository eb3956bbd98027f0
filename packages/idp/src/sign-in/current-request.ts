// The request that is being handled, for storage that the provider library calls without it. The library's own
// `Provider.ctx` is undefined on our pages.
import { AsyncLocalStorage } from 'node:async_hooks'

import type { Context } from './respond.ts'

const handled = new AsyncLocalStorage<Context>()

export function withRequest<T>(ctx: Context, handle: () => Promise<T>): Promise<T> {
  return handled.run(ctx, handle)
}

/** @returns undefined outside of a request */
export function findCurrentRequest(): Context | undefined {
  return handled.getStore()
}
