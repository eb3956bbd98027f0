// The cookie of a browser with an earlier sign-in; see `known-browsers.ts` for its content.
import { KNOWN_FOR_SECONDS } from './known-browsers.ts'
import type { Context } from './respond.ts'

const NAME = 'crosswalk_browser'

/** The prefix makes browsers refuse such a cookie from sibling hosts (RFC 6265bis section 4.1.3.2). */
function nameFor({ secure }: Context): string {
  return secure ? `__Host-${NAME}` : NAME
}

export function readBrowserCookie(ctx: Context): string | undefined {
  return ctx.cookies.get(nameFor(ctx), { signed: false })
}

export function setBrowserCookie(ctx: Context, value: string | undefined): void {
  if (value === undefined) return
  ctx.cookies.set(nameFor(ctx), value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.secure,
    path: '/',
    maxAge: KNOWN_FOR_SECONDS * 1000,
    signed: false,
    overwrite: true,
  })
}
