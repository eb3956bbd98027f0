// Completion for fish, which shows a description of each word.
import type { CompletionPlace, CompletionWord } from './list-words.ts'

export function renderFish(places: readonly CompletionPlace[]): string {
  const lines = places.flatMap((place) => [
    ...place.commands.map((word) => renderWord(`__crosswalk_is ${quote(place.path)}`, word)),
    ...place.arguments.map((word) => renderWord(`__crosswalk_in ${quote(place.path)}`, word)),
    ...place.options.map((word) => renderOption(place, word)),
  ])
  return `# crosswalk completion for fish: save this as ~/.config/fish/completions/crosswalk.fish
function __crosswalk_place
    set -l place
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and break
        set -a place $word
    end
    echo "$place"
end
function __crosswalk_is
    test (__crosswalk_place) = "$argv[1]"
end
function __crosswalk_in
    string match -q -- (string trim "$argv[1] ")'*' (__crosswalk_place)
end
complete -c crosswalk -e
${lines.join('\n')}
`
}

function renderWord(condition: string, { word, description }: CompletionWord): string {
  return `complete -c crosswalk -f -n ${quote(condition)} -a ${quote(word)} -d ${quote(description)}`
}

function renderOption(
  { path, values, takesValue }: CompletionPlace,
  { word, description }: CompletionWord,
): string {
  const flag = word.startsWith('--') ? `-l ${quote(word.slice(2))}` : `-s ${quote(word.slice(1))}`
  const choices = values.find(({ option }) => option === word)?.choices
  const value =
    choices === undefined ? (takesValue.includes(word) ? ' -r' : '') : ` -x -a ${quote(choices.join(' '))}`
  return `complete -c crosswalk -n ${quote(`__crosswalk_in ${quote(path)}`)} ${flag}${value} -d ${quote(description)}`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", `\\'`)}'`
}
