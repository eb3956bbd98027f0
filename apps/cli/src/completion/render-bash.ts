// Completion for bash and zsh: a static word list, so that no process starts while the user types.
import type { CompletionPlace } from './list-words.ts'

export function renderBash(places: readonly CompletionPlace[]): string {
  const groups = places.filter(({ commands }) => commands.length > 0)
  const ends = places.filter((place) => place.arguments.length > 0)
  const values = new Map(
    places.flatMap((place) => place.values.map((it) => [`${place.path}|${it.option}`, it.choices] as const)),
  )
  return `# crosswalk completion for bash: source this file, or save it in your completions folder.
_crosswalk_commands() {
  case "$1" in
${groups.map(({ path, commands }) => `    ${quote(path)}) echo ${quote(words(commands))} ;;`).join('\n')}
  esac
}
_crosswalk_arguments() {
  case "$1" in
${ends.map((place) => `    ${quote(place.path)}) echo ${quote(words(place.arguments))} ;;`).join('\n')}
  esac
}
_crosswalk_options() {
  case "$1" in
${places.map(({ path, options }) => `    ${quote(path)}) echo ${quote(words(options))} ;;`).join('\n')}
  esac
}
_crosswalk_values() {
  case "$1" in
${[...values].map(([key, choices]) => `    ${quote(key)}) echo ${quote(choices.join(' '))} ;;`).join('\n')}
    *) return 1 ;;
  esac
}
_crosswalk_takes_value() {
  case "$1" in
${places.flatMap(({ path, takesValue }) => (takesValue.length === 0 ? [] : [`    ${takesValue.map((flag) => quote(`${path}|${flag}`)).join('|')}) return 0 ;;`])).join('\n')}
    *) return 1 ;;
  esac
}
_crosswalk() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous='' place='' word choices
  local index=1
  while [ "$index" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[index]}"
    if _crosswalk_takes_value "$place|$previous"; then previous=''
    else
      previous="$word"
      case " $(_crosswalk_commands "$place") " in *" $word "*) place="\${place:+$place }$word" ;; esac
    fi
    index=$((index + 1))
  done
  if choices="$(_crosswalk_values "$place|$previous")"; then COMPREPLY=($(compgen -W "$choices" -- "$current"))
  elif _crosswalk_takes_value "$place|$previous"; then COMPREPLY=($(compgen -f -- "$current"))
  else
    case "$current" in
      -*) COMPREPLY=($(compgen -W "$(_crosswalk_options "$place")" -- "$current")) ;;
      *)
        COMPREPLY=($(compgen -W "$(_crosswalk_commands "$place") $(_crosswalk_arguments "$place")" -- "$current"))
        [ "\${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
        ;;
    esac
  fi
}
complete -o filenames -F _crosswalk crosswalk
`
}

/** Zsh runs bash completions through bashcompinit. */
export function renderZsh(places: readonly CompletionPlace[]): string {
  return `# crosswalk completion for zsh: source <(crosswalk completion zsh) in ~/.zshrc, after compinit.
autoload -U +X bashcompinit && bashcompinit
${renderBash(places).replace(/^#.*\n/, '')}`
}

function words(list: CompletionPlace['commands']): string {
  return list.map(({ word }) => word).join(' ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
