#compdef ghostctl
# made by `ghostctl completion`; do not edit
_ghostctl() {
  local -a commands=(
    'simulate:Ask where a request goes, with the code that serves.'
    'explain:Show every match that stood for a request, best first, and why each one lost.'
    'diff:Tell which requests two configurations answer differently.'
    'replay:Decide the requests of an access log again, by one configuration or by two.'
    'graph:Draw listeners, hosts, rules and services.'
    'playground:Serve a page\: edit a configuration, ask about requests, see why.'
    'check:Find everything that is wrong with configuration files, all at once.'
    'test:Run route tests\: requests, and what is expected of them.'
    'fmt:Write configuration files in their one form\: keys and matches in order, comments kept.'
    'translate:Show what a configuration becomes on its way to the engine.'
    'up:Run varnishd by files, and follow every edit of them.'
    'status:Show what a running chaperone serves, and what it last refused.'
    'history:List what was served, newest first.'
    'rollback:Serve an earlier configuration again.'
    'doctor:Look whether everything is there that up needs.'
    'demo:See real requests routed, re-routed live, and counted one by one.'
    'version:Print the versions of ghostctl, the core, Node and varnishd.'
    'completion:Print a completion script for a shell.'
    'man:Print a manual page.'
    'help:Show help for a command, for all findings, or for one.'
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
    simulate) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--run-folder[what the chaperone of this run folder serves now]:folder:_files' \
      '--cluster[the Gateway API objects of a cluster]' \
      '--pod[what this Pod of a Gateway serves now]:namespace/name:' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      ''{-X,--request}'[request method (default\: GET)]:method:' \
      '*'{-H,--header}'[request header, '\''name\: value'\'']:line:' \
      '--curl[the request of a curl command, pasted as a whole]:command:' \
      '--from-log[the request of a line of an access log]:line:' \
      '--log-format[how that line is written (default\: by its look; see replay --format)]:format:' \
      '--listener[the listener it comes in by (default\: by scheme and port)]:name:' \
      '--draw[the random number that chooses among weights, 0 up to 1]:number:' \
      '--client[address of the client]:address:' \
      '--times[ask so many times with draws spread evenly, and count]:number:' \
      '--against[send the request there as well, and compare what a client can see]:hostport:' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    explain) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--run-folder[what the chaperone of this run folder serves now]:folder:_files' \
      '--cluster[the Gateway API objects of a cluster]' \
      '--pod[what this Pod of a Gateway serves now]:namespace/name:' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      ''{-X,--request}'[request method (default\: GET)]:method:' \
      '*'{-H,--header}'[request header, '\''name\: value'\'']:line:' \
      '--curl[the request of a curl command, pasted as a whole]:command:' \
      '--from-log[the request of a line of an access log]:line:' \
      '--log-format[how that line is written (default\: by its look; see replay --format)]:format:' \
      '--listener[the listener it comes in by (default\: by scheme and port)]:name:' \
      '--draw[the random number that chooses among weights, 0 up to 1]:number:' \
      '--client[address of the client]:address:' \
      '--all[list all matches, however far behind the winner]' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    diff) _arguments \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    replay) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--run-folder[what the chaperone of this run folder serves now]:folder:_files' \
      '--cluster[the Gateway API objects of a cluster]' \
      '--pod[what this Pod of a Gateway serves now]:namespace/name:' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      '--against[a second configuration; what it decides differently is told]:configuration:_files' \
      '--format[common, combined, varnishncsa, json, varnishlog, or a format string with % or $ (default\: by the look of the log)]:format:' \
      '--host[host of requests whose line has none]:name:' \
      '--listener[the listener they come in by (default\: by scheme and port)]:name:' \
      '--draw[the draw of every request (default\: spread by the place in the log)]:number:' \
      '--workers[threads (default\: one for each processor)]:number:' \
      '--fail-above[exit with 1 only when more than this share changed, such as 0.1%]:share:' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    graph) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--run-folder[what the chaperone of this run folder serves now]:folder:_files' \
      '--cluster[the Gateway API objects of a cluster]' \
      '--pod[what this Pod of a Gateway serves now]:namespace/name:' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      ''{-o,--output}'[how to draw]:format:(dot mermaid svg)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    playground) _arguments \
      '--listen[address on this machine; port 0 takes a free one]:address:' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    check) _arguments \
      ''{-o,--output}'[what to print on standard output]:format:(text json sarif github)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    test) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      ''{-w,--watch}'[run again after every change, until Ctrl-C]' \
      ''{-o,--output}'[what to print on standard output]:format:(pretty tap junit json)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    fmt) _arguments \
      ''{-w,--write}'[write the files instead of printing them]' \
      '--check[print the names of files that are not in this form]' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    translate) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--run-folder[what the chaperone of this run folder serves now]:folder:_files' \
      '--cluster[the Gateway API objects of a cluster]' \
      '--pod[what this Pod of a Gateway serves now]:namespace/name:' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      '--to[which step of the way]:form:(ghost ir routes vcl status)' \
      '--vcl[with --to vcl\: your VCL]:file:_files' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    up) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '*--listen[where to listen\: \[NAME=\]ADDRESS\:PORT, \[NAME=\]PORT or \[NAME=\]/PATH (default\: 127.0.0.1\:8080, 8081...)]:name=address:' \
      '--on-error[an edit with errors\: refuse it, or quarantine the routes with errors (default\: refuse with -c, quarantine with -f)]:what:(refuse quarantine)' \
      '--vcl[your VCL; its subroutines run after Ghost'\''s]:file:_files' \
      '--cache-size[memory for the cache]:size:' \
      '--varnishd[the engine]:program:_files' \
      '--run-folder[the run folder; it lasts, with its history (default\: a temporary one)]:folder:_files' \
      ''{-v,--verbose}'[print the engine'\''s log as well]' \
      ''{-o,--output}'[what to print on standard output]:format:(text json)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    status) _arguments \
      '--run-folder[the run folder of the chaperone]:folder:_files' \
      '--address[where its status is (default\: 127.0.0.1\:9181)]:hostport:' \
      ''{-o,--output}'[what to print on standard output]:format:(text wide json yaml name)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    history) _arguments \
      '--run-folder[the run folder of the chaperone]:folder:_files' \
      '--address[where its status is (default\: 127.0.0.1\:9181)]:hostport:' \
      ''{-o,--output}'[what to print on standard output]:format:(text wide json yaml name)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    rollback) _arguments \
      '--run-folder[the run folder of the chaperone]:folder:_files' \
      '--address[where its status is (default\: 127.0.0.1\:9181)]:hostport:' \
      ''{-y,--yes}'[do not ask]' \
      '--dry-run[only say what would be done]' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    doctor) _arguments \
      ''{-c,--config}'[a routing document (default\: ghost.json)]:file:_files' \
      '*'{-f,--filename}'[Gateway API manifests\: a file or a folder of .yaml, .yml and .json files]:path:_files' \
      '--gateway[with manifests\: only this Gateway]:namespace/name:' \
      '--controller[with manifests\: only Gateways whose class names this controller]:name:' \
      '--varnishd[the engine]:program:_files' \
      '--run-folder[the folder for run files]:folder:_files' \
      '*--listen[where to listen (default\: 127.0.0.1\:8080)]:name=address:' \
      '--cluster[look at a cluster as well]' \
      '--kubeconfig[with --cluster or --pod\: as kubectl takes it]:file:_files' \
      '--context[with --cluster or --pod\: a context of the kubeconfig]:name:' \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    demo) _arguments \
      '--inject-fault[let a backend misbehave; the demo must notice and exit with 1]' \
      '--requests[requests while the split is flipped]:number:' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    version) _arguments \
      ''{-o,--output}'[what to print on standard output]:format:(text json yaml)' \
      ''{-h,--help}'[show help]' \
      '*:argument:_files' ;;
    completion) _arguments \
      ''{-h,--help}'[show help]' \
      '*:argument:(bash zsh fish)' ;;
    man) _arguments \
      ''{-h,--help}'[show help]' \
      '*:argument:(simulate explain diff replay graph playground check test fmt translate up status history rollback doctor demo version completion man help)' ;;
    help) _arguments \
      ''{-h,--help}'[show help]' \
      '*:argument:(simulate explain diff replay graph playground check test fmt translate up status history rollback doctor demo version completion man help errors)' ;;
  esac
}
_ghostctl "$@"
