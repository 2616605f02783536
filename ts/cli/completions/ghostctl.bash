# bash completion for ghostctl; made by `ghostctl completion`; do not edit
_ghostctl() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W 'simulate explain diff replay graph playground check test fmt translate up status history rollback doctor demo version completion man help' -- "$word"))
    return
  fi
  case "${COMP_WORDS[1]}" in
    simulate)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --pod) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        -X|--request) COMPREPLY=(); return ;;
        -H|--header) COMPREPLY=(); return ;;
        --curl) COMPREPLY=(); return ;;
        --from-log) COMPREPLY=(); return ;;
        --log-format) COMPREPLY=(); return ;;
        --listener) COMPREPLY=(); return ;;
        --draw) COMPREPLY=(); return ;;
        --client) COMPREPLY=(); return ;;
        --times) COMPREPLY=(); return ;;
        --against) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --run-folder --cluster --pod --kubeconfig --context --request -X --header -H --curl --from-log --log-format --listener --draw --client --times --against --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    explain)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --pod) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        -X|--request) COMPREPLY=(); return ;;
        -H|--header) COMPREPLY=(); return ;;
        --curl) COMPREPLY=(); return ;;
        --from-log) COMPREPLY=(); return ;;
        --log-format) COMPREPLY=(); return ;;
        --listener) COMPREPLY=(); return ;;
        --draw) COMPREPLY=(); return ;;
        --client) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --run-folder --cluster --pod --kubeconfig --context --request -X --header -H --curl --from-log --log-format --listener --draw --client --all --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    diff)
      case "$before" in
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    replay)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --pod) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        --against) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --format) COMPREPLY=(); return ;;
        --host) COMPREPLY=(); return ;;
        --listener) COMPREPLY=(); return ;;
        --draw) COMPREPLY=(); return ;;
        --workers) COMPREPLY=(); return ;;
        --fail-above) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --run-folder --cluster --pod --kubeconfig --context --against --format --host --listener --draw --workers --fail-above --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    graph)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --pod) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'dot mermaid svg' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --run-folder --cluster --pod --kubeconfig --context --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    playground)
      case "$before" in
        --listen) COMPREPLY=(); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--listen --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    check)
      case "$before" in
        -o|--output) COMPREPLY=($(compgen -W 'text json sarif github' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    test)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'pretty tap junit json' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --watch -w --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    fmt)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--write -w --check --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    translate)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --pod) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        --to) COMPREPLY=($(compgen -W 'ghost ir routes vcl status' -- "$word")); return ;;
        --vcl) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --run-folder --cluster --pod --kubeconfig --context --to --vcl --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    up)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --listen) COMPREPLY=(); return ;;
        --on-error) COMPREPLY=($(compgen -W 'refuse quarantine' -- "$word")); return ;;
        --vcl) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --cache-size) COMPREPLY=(); return ;;
        --varnishd) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --listen --on-error --vcl --cache-size --varnishd --run-folder --verbose -v --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    status)
      case "$before" in
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --address) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text wide json yaml name' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--run-folder --address --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    history)
      case "$before" in
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --address) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text wide json yaml name' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--run-folder --address --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    rollback)
      case "$before" in
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --address) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--run-folder --address --yes -y --dry-run --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    doctor)
      case "$before" in
        -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -f|--filename) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --gateway) COMPREPLY=(); return ;;
        --controller) COMPREPLY=(); return ;;
        --varnishd) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --run-folder) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --listen) COMPREPLY=(); return ;;
        --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --context) COMPREPLY=(); return ;;
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--config -c --filename -f --gateway --controller --varnishd --run-folder --listen --cluster --kubeconfig --context --output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    demo)
      case "$before" in
        --requests) COMPREPLY=(); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--inject-fault --requests --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    version)
      case "$before" in
        -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--output -o --help -h' -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    completion)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--help -h' -- "$word")); else COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); fi ;;
    man)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--help -h' -- "$word")); else COMPREPLY=($(compgen -W 'simulate explain diff replay graph playground check test fmt translate up status history rollback doctor demo version completion man help' -- "$word")); fi ;;
    help)
      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '--help -h' -- "$word")); else COMPREPLY=($(compgen -W 'simulate explain diff replay graph playground check test fmt translate up status history rollback doctor demo version completion man help errors' -- "$word")); fi ;;
  esac
}
complete -o filenames -F _ghostctl ghostctl
