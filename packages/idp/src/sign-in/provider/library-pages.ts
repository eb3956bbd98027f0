// The pages that the provider library shows to users, and their methods. The library itself responds to any other
// method as if the page did not exist.
import { checkMethod, ExpectedError } from '../expected-error.ts'
import { ROUTES } from './provider.ts'
import type { Context } from '../respond.ts'

const TO_READ = ['GET', 'HEAD']
const TO_READ_OR_POST = [...TO_READ, 'POST']

const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  [ROUTES.authorization, TO_READ_OR_POST],
  [ROUTES.end_session, TO_READ_OR_POST],
  [`${ROUTES.end_session}/confirm`, ['POST']],
  [`${ROUTES.end_session}/success`, TO_READ],
])

/** Where an authorization resumes after sign-in. */
const RESUMED = new RegExp(`^${ROUTES.authorization}/[^/]+$`)

/** Where apps send users, possibly by POST, which the library does not accept. */
const OF_APPS: ReadonlySet<string> = new Set([ROUTES.authorization, ROUTES.end_session])

/** The library stores the parameters of a sign-out, and anyone can send them without an account. */
const MAX_SIGN_OUT_CHARACTERS = 8192

/** @throws ExpectedError for a page of the library that does not support the method, or a query that is too long */
export function checkLibraryPage(ctx: Context): void {
  const methods = RESUMED.test(ctx.path) ? TO_READ : METHODS.get(ctx.path)
  if (methods !== undefined) checkMethod(ctx, methods)
  if (ctx.path === ROUTES.end_session && ctx.querystring.length > MAX_SIGN_OUT_CHARACTERS)
    throw new ExpectedError(
      400,
      'invalid_request',
      `the query is longer than ${MAX_SIGN_OUT_CHARACTERS} characters`,
    )
}

/** @returns whether to redirect it to GET */
export function isAppPost({ method, path }: Context): boolean {
  return method === 'POST' && OF_APPS.has(path)
}
