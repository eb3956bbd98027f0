// `crosswalk completion`: prints shell completions of commands, options and their values.
import { type Command, Argument } from 'commander'

import { listPlaces } from '../completion/list-words.ts'
import { renderBash, renderZsh } from '../completion/render-bash.ts'
import { renderFish } from '../completion/render-fish.ts'
import type { CommandTerminal } from '../terminal.ts'

const RENDER = { bash: renderBash, zsh: renderZsh, fish: renderFish } as const

export function addCompletionCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('completion')
    .description('print shell completions; use: source <(crosswalk completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(RENDER)))
    .action((shell: keyof typeof RENDER) => terminal.writeOut(RENDER[shell](listPlaces(program))))
}
