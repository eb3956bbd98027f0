// A console user who calls the admin API with their session, as the console's pages do.
import { renderCookies } from '../support/cookie-jar.ts'
import { PASSWORD } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { type Admin, adminOf } from './admin.ts'

/** Signs in at the IdP and returns with a console session. Needs configured roles. */
export async function adminAs(baseUrl: string, username: string): Promise<Admin> {
  const jar = new Map<string, string>()
  await walk(`${baseUrl}/admin/sign-in`, { username, password: PASSWORD, redirectUri: 'none:' }, jar)
  const cookie = renderCookies(jar)
  const call = adminOf(baseUrl)
  return (method, path, options = {}) =>
    call(method, path, {
      ...options,
      token: null,
      headers: { cookie, 'crosswalk-console': '1', ...options.headers },
    })
}
