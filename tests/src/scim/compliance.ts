// The SCIM server under scim2-tester, a third-party compliance client: every check passes except those explained here.
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer } from '../support/server.ts'

const run = promisify(execFile)
const PYTHON = process.env['CROSSWALK_TEST_PYTHON'] ?? 'python3'
const SCRIPT = fileURLToPath(new URL('check_server.py', import.meta.url))
const TOKEN = 'k2Jf8-Qz71mLxP0vWc93RtYb5NdHsGa4'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** A user has one e-mail address, the primary one of type work, and is active by default. */
const EXPLAINED = [
  ['check_add_attribute', "for 'emails'"],
  ['check_replace_attribute', "for 'emails'"],
  ['check_remove_attribute', "attribute 'active'"],
] as const

/** Whether a Python with `scim2-tester` and `scim2-client[httpx2]` is available */
export const HAS_TESTER =
  spawnSync(PYTHON, ['-c', 'import scim2_tester, scim2_client.engines.httpx2'], { stdio: 'ignore' })
    .status === 0

/** @throws AssertionError for an unexplained finding */
export async function checkCompliance(): Promise<void> {
  const attributes = {
    ...{ givenName: 'name.givenName', familyName: 'name.familyName', title: 'title' },
    department: `${ENTERPRISE}:department`,
  }
  const server = await startTestServer({
    file: (baseUrl) => ({
      ...company(baseUrl, { idp: { directories: [{ id: 'tester', token: TOKEN, attributes }] } }),
      admin: { token: ADMIN_TOKEN },
    }),
  })
  try {
    const { stdout } = await run(PYTHON, [SCRIPT, `${server.baseUrl}/scim/v2/`, TOKEN])
    const found = JSON.parse(stdout) as readonly (readonly [status: string, title: string, reason: string])[]
    const unexplained = found.filter(
      ([status, title, reason]) =>
        status !== 'SUCCESS' && !EXPLAINED.some(([check, what]) => check === title && reason.includes(what)),
    )
    expect(unexplained).toEqual([])
    expect(found.length).toBeGreaterThan(60)
  } finally {
    await server.stop()
  }
}
