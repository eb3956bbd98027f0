// The browser of a user who opens an agent, and signs in at the company's IdP if asked.
import { PASSWORD } from '../../support/company.ts'
import { walk } from '../../support/form-walker.ts'

export interface Shown {
  readonly status: number
  readonly text: string
}

/** @returns what the agent, whose callback is `/callback`, shows after the sign-in */
export async function openAgent(agent: string, username: string): Promise<Shown> {
  const { callback, cookie } = await reachCallback(agent, username)
  return read(await fetch(callback, { headers: { cookie } }))
}

/** @returns what the agent shows a browser that did not start the sign-in */
export async function openAgentElsewhere(agent: string, username: string): Promise<Shown> {
  const { callback } = await reachCallback(agent, username)
  return read(await fetch(callback))
}

async function reachCallback(agent: string, username: string) {
  const opened = await fetch(agent, { redirect: 'manual' })
  const cookie = opened.headers
    .getSetCookie()
    .map((line) => line.slice(0, line.indexOf(';')))
    .join('; ')
  const user = { redirectUri: `${agent}/callback`, username, password: PASSWORD }
  const { arrivedAt } = await walk(opened.headers.get('location') ?? '', user)
  if (arrivedAt === undefined) throw new Error(`${username} did not arrive at ${agent}`)
  return { callback: arrivedAt, cookie }
}

async function read(response: Response): Promise<Shown> {
  return { status: response.status, text: await response.text() }
}
