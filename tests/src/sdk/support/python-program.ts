// Runs programs of a documentation page by a Python that has the packages they import.
import { spawnSync } from 'node:child_process'

import { createForeignPrograms, type ForeignPrograms, writePrograms } from './foreign-programs.ts'

const PYTHON = process.env['CROSSWALK_TEST_PYTHON'] ?? 'python3'

/** Whether `CROSSWALK_TEST_PYTHON`, or else `python3`, has an MCP SDK with Cross App Access */
export const HAS_PYTHON_SDK = canImport('mcp.client.auth.extensions.identity_assertion')
/** Whether it has a FastMCP with Cross App Access */
export const HAS_FASTMCP = canImport('fastmcp.server.auth.identity_assertion')

/** Whether it has an Authlib with Cross App Access, and what the server of its how-to needs besides */
export const HAS_AUTHLIB = canImport('authlib.oauth2.drafts, flask, requests')

/** @param page - whose blocks of Python name their files */
export function writePythonPrograms(page: URL): ForeignPrograms {
  return createForeignPrograms(writePrograms(page, 'python'), (name) => [PYTHON, name])
}

function canImport(modules: string): boolean {
  return spawnSync(PYTHON, ['-c', `import ${modules}`]).status === 0
}
