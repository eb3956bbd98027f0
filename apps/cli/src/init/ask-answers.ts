// Collects the answers that `init` needs: asked one by one at a terminal, otherwise from options and defaults.
import { isBlockedPort, isServerUrl } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { InitAnswers } from './template.ts'

/** As options say them. */
export type GivenAnswers = { readonly [Name in keyof InitAnswers]?: string }

type Name = keyof GivenAnswers

interface Question {
  readonly name: Name
  readonly text: string
  readonly fallback: string
  /** @returns what a valid answer looks like, if this one is invalid */
  check(answer: string): string | undefined
}

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/
const isText = (answer: string) =>
  answer.trim() === '' || /[\p{Cc}$]/u.test(answer) ? 'text without $ and control characters' : undefined
const checkServerUrl = (answer: string) =>
  URL.canParse(answer) && isServerUrl(answer) && !answer.includes('$')
    ? undefined
    : 'an https URL; http for loopback hosts only'

const QUESTIONS: readonly Question[] = [
  {
    name: 'baseUrl',
    text: 'public origin of the server',
    fallback: 'http://127.0.0.1:4000',
    check: (answer) =>
      checkServerUrl(answer) ??
      (new URL(answer).origin === answer ? undefined : 'an origin, without a path or trailing slash') ??
      (isBlockedPort(Number(new URL(answer).port || 443))
        ? 'a port that browsers do not block, such as http://127.0.0.1:14000'
        : undefined),
  },
  {
    name: 'database',
    text: 'database',
    fallback: 'sqlite:./data/crosswalk.db',
    // A password belongs into a variable: the file is readable for all users of the machine.
    check: (answer) =>
      /^(sqlite:|postgres(ql)?:\/\/)(?:[^$]|\$\{[A-Z][A-Z0-9_]*\})+$/.test(answer)
        ? undefined
        : 'sqlite:FILE, or postgres://user:${DB_PASSWORD}@host/database',
  },
  { name: 'userName', text: 'name of the first user', fallback: 'Admin', check: isText },
  {
    name: 'userEmail',
    text: 'e-mail address of the first user',
    fallback: 'admin@example.test',
    check: (answer) => (/^[^\s@$"]+@[^\s@$"]+\.[^\s@$"]+$/.test(answer) ? undefined : 'an e-mail address'),
  },
  { name: 'appName', text: 'name of the requesting app', fallback: 'First agent', check: isText },
  {
    name: 'redirectUri',
    text: 'redirect URI of its sign-in',
    fallback: 'http://127.0.0.1:8765/callback',
    check: checkServerUrl,
  },
  {
    name: 'resource',
    text: 'URL of the API or MCP server to reach',
    fallback: 'http://127.0.0.1:4001/mcp',
    check: checkServerUrl,
  },
  {
    name: 'scopes',
    text: 'its scopes, separated by spaces',
    fallback: 'read write',
    check: (answer) =>
      answer.split(/\s+/).every((scope) => SCOPE.test(scope) && !scope.includes('$'))
        ? undefined
        : 'scope tokens',
  },
]

/** @param ask - undefined if there is no terminal */
export async function findAnswers(
  given: GivenAnswers,
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<InitAnswers> {
  const answers: Record<string, string> = {}
  for (const question of QUESTIONS)
    answers[question.name] = await findAnswer(question, given[question.name], ask)
  const { scopes = '', ...rest } = answers
  return { ...(rest as unknown as InitAnswers), scopes: scopes.split(/\s+/) }
}

async function findAnswer(
  { name, text, fallback, check }: Question,
  given: string | undefined,
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<string> {
  if (given !== undefined || ask === undefined) {
    const answer = given ?? fallback
    const problem = check(answer)
    if (problem === undefined) return answer
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    throw new CliError(EXIT.usage, `${answer} is not valid for ${option}`, `use ${problem}`)
  }
  for (let hint = ''; ;) {
    const answer = (await ask(`${hint}${text} [${fallback}]: `)).trim() || fallback
    const problem = check(answer)
    if (problem === undefined) return answer
    hint = `(${problem}) `
  }
}
