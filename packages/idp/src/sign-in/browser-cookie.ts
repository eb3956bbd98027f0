// Our own cookies of a browser, besides those of the provider library.
import type { Context } from './respond.ts'

export interface BrowserCookie {
  read(ctx: Context): string | undefined
  write(ctx: Context, value: string): void
}

/** Over https, the prefix makes browsers refuse such a cookie from sibling hosts (RFC 6265bis section 4.1.3.2). */
export function createBrowserCookie(name: string, maxAgeSeconds: number): BrowserCookie {
  const nameFor = ({ secure }: Context) => (secure ? `__Host-${name}` : name)
  return {
    read: (ctx) => ctx.cookies.get(nameFor(ctx), { signed: false }),
    write: (ctx, value) =>
      void ctx.cookies.set(nameFor(ctx), value, {
        httpOnly: true,
        sameSite: 'lax',
        secure: ctx.secure,
        path: '/',
        maxAge: maxAgeSeconds * 1000,
        signed: false,
        overwrite: true,
      }),
  }
}
