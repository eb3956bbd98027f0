// Our own cookies of a browser, besides those of the provider library.
import type { Context } from './respond.ts'

export type BrowserContext = Pick<Context, 'cookies' | 'secure' | 'get'>

export interface BrowserCookie {
  read(ctx: BrowserContext): string | undefined
  write(ctx: BrowserContext, value: string): void
  clear(ctx: BrowserContext): void
}

/** Over https, the prefix makes browsers refuse such a cookie from sibling hosts (RFC 6265bis section 4.1.3.2). */
export function createBrowserCookie(name: string, maxAgeSeconds: number): BrowserCookie {
  const nameFor = ({ secure }: BrowserContext) => (secure ? `__Host-${name}` : name)
  const set = (ctx: BrowserContext, value: string | null, lifetime: { readonly maxAge?: number }) =>
    void ctx.cookies.set(nameFor(ctx), value, {
      ...lifetime,
      httpOnly: true,
      sameSite: 'lax',
      secure: ctx.secure,
      path: '/',
      signed: false,
      overwrite: true,
    })
  return {
    read: (ctx) => ctx.cookies.get(nameFor(ctx), { signed: false }),
    write: (ctx, value) => set(ctx, value, { maxAge: maxAgeSeconds * 1000 }),
    clear: (ctx) => set(ctx, null, {}),
  }
}
