// Shell completions: bash runs its own script here; the scripts for zsh and fish contain the same words.
import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

import { runCrosswalk } from '../testing/run-crosswalk.ts'

async function completion(shell: string): Promise<string> {
  const { exitCode, out } = await runCrosswalk(['completion', shell])
  expect(exitCode).toBe(0)
  return out
}

const LINES = [
  ['co', ['config', 'connection', 'code', 'completion']],
  ['audit streams ', ['list', 'replay']],
  ['connection list --q connection --ex', ['--expiring']],
  ['policy test -o ', ['text', 'json', 'tap', 'junit']],
  ['policy test -o j', ['json', 'junit']],
  ['kill ', ['user', 'app', 'connection', 'everything', 'lift', 'drill']],
  ['kill user x --rea', ['--reason']],
  ['serve --config /et', ['/etc']],
] as const

it('offers commands, options, values and files in bash', async () => {
  const asked = LINES.map(([line]) => {
    const words = ['crosswalk', ...line.split(' ')].map((word) => `'${word}'`)
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); _crosswalk; echo "\${COMPREPLY[*]}"`
  })
  const script = `${await completion('bash')}\n${asked.join('\n')}\n`
  const answers = execFileSync('bash', ['--norc'], { input: script, encoding: 'utf8' }).trim().split('\n')
  expect(answers.map((answer) => answer.split(' '))).toEqual(LINES.map(([, words]) => words))
})

it('offers the same in zsh, which runs the bash script', async () => {
  const [first = '', ...rest] = (await completion('bash')).split('\n')
  const zsh = await completion('zsh')
  expect(first).toMatch(/^#/)
  expect(zsh).toMatch(/^#.*\nautoload -U \+X bashcompinit && bashcompinit\n/)
  expect(zsh.endsWith(rest.join('\n'))).toBe(true)
})

it('offers quoted words with descriptions in fish', async () => {
  const fish = await completion('fish')
  expect(fish).toContain(
    "complete -c crosswalk -f -n '__crosswalk_is \\'audit streams\\'' -a 'list' -d 'show how far each stream is behind, and its last error'\n",
  )
  expect(fish).toContain(
    "complete -c crosswalk -n '__crosswalk_in \\'policy test\\'' -l 'output' -x -a 'text json tap junit' -d",
  )
})
