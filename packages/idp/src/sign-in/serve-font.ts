// Serves the fonts of the pages from the IdP's own origin.
import { findFont } from '@crosswalk/design'

import { checkMethod } from './expected-error.ts'
import type { Context } from './respond.ts'

export function serveFont(ctx: Context): boolean {
  const font = findFont(ctx.path)
  if (font === undefined) return false
  checkMethod(ctx, ['GET', 'HEAD'])
  ctx.set(font.headers)
  ctx.body = Buffer.from(font.body)
  return true
}
