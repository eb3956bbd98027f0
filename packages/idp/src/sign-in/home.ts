// The home page in a browser: redirects administrators to the console and other users to their own access; visitors who
// are not signed in see what this server is.
import { buildHomePage } from '../pages/home-page.ts'
import { OWN_ACCESS_PATH } from './own-access/own-access-app.ts'
import { findBrowserSession } from './browser-session.ts'
import { checkMethod } from './expected-error.ts'
import { type Context, redirect, respondWithPage } from './respond.ts'
import type { Interactions } from './visit.ts'

/** @returns false for any other path */
export async function serveHome(ctx: Context, interactions: Interactions): Promise<boolean> {
  if (ctx.path !== '/') return false
  checkMethod(ctx, ['GET', 'HEAD'])
  const { baseUrl, displayName, ports } = interactions
  const { adminConsole } = ports
  const ownAccessUrl = ports.ownAccess?.() === undefined ? undefined : baseUrl + OWN_ACCESS_PATH
  const session = await findBrowserSession(ctx, interactions)
  const isAdministrator = session !== undefined && adminConsole?.isFor(session.user) === true
  const target = isAdministrator ? adminConsole.url : session && ownAccessUrl
  if (target !== undefined) {
    redirect(ctx, target)
    return true
  }
  const metadataUrl = `${baseUrl}/.well-known/openid-configuration`
  await respondWithPage(
    ctx,
    buildHomePage({ displayName, ownAccessUrl, consoleUrl: adminConsole?.url, metadataUrl }),
  )
  return true
}
