//! What documents may ask for and the engine cannot do. It is said, never done by halves: a service whose protocol the
//! engine does not speak answers 500 (Gateway API BackendRef: an unsupported protocol makes the reference invalid).

use ghost_core::Diagnostic;
use ghost_core::config::{Code, Place};
use ghost_core::model::{Action, Filters, Route, Routes, Rule, ServiceProtocol};

/// Whether the engine speaks this to endpoints; TLS only through a backend that adds it.
pub(crate) fn speaks(protocol: ServiceProtocol, has_via: bool) -> bool {
    match protocol {
        ServiceProtocol::Http1 | ServiceProtocol::Websocket => true,
        ServiceProtocol::Tls => has_via,
        ServiceProtocol::H2c | ServiceProtocol::Http2 | ServiceProtocol::Grpc => false,
    }
}

/// Everything in the routes that is not done, with the place where it is asked for.
pub(crate) fn findings(routes: &Routes, file: &str, has_via: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let unspoken = routes.services.iter().filter(|(key, service)| !speaks(service.protocol, has_via(key)));
    let services = unspoken.map(|(key, service)| {
        let message = format!("The engine does not speak {}", word(service.protocol));
        let path = format!("services[{key:?}].protocol");
        finding(Code::UnsupportedProtocol, &format!("{file}:1:1"), path, message, &format!("Service/{key}"))
    });
    let rules = routes.routes.iter().flat_map(|route| route.rules.iter().map(move |rule| (route, rule)));
    let mirrors = rules.filter(|(_, rule)| has_mirrors(rule)).map(|(route, rule)| unmirrored(route, rule));
    services.chain(mirrors).collect()
}

/// Whether requests of the rule should be copied.
pub(crate) fn has_mirrors(rule: &Rule) -> bool {
    let mirrors = |filters: &Filters| !filters.mirrors.is_empty();
    let of_backends = match &rule.action {
        Action::Forward(backends) => &*backends.backends,
        _ => &[],
    };
    rule.filters.as_deref().is_some_and(mirrors)
        || of_backends.iter().any(|backend| backend.filters.as_deref().is_some_and(mirrors))
}

fn unmirrored(route: &Route, rule: &Rule) -> Diagnostic {
    let source = rule.source.as_ref().unwrap_or(&route.source);
    let message = format!("The engine cannot mirror requests; rule {} serves without its mirrors", rule.name);
    finding(Code::UnsupportedFilter, source, String::new(), message, &route.id)
}

fn finding(code: Code, source: &str, path: String, message: String, object: &str) -> Diagnostic {
    let (file, place) = place(source);
    Diagnostic {
        code: code.as_str(),
        severity: code.severity(),
        file,
        place,
        path,
        message,
        help: code.help().to_owned(),
        object: Some(object.to_owned()),
    }
}

/// `file:line:column` taken apart.
fn place(source: &str) -> (String, Place) {
    let mut parts = source.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
    let (column, line) = (number(), number());
    (parts.next().unwrap_or(source).to_owned(), Place { line, column })
}

fn word(protocol: ServiceProtocol) -> &'static str {
    match protocol {
        ServiceProtocol::Http1 => "HTTP/1.1",
        ServiceProtocol::H2c => "HTTP/2 to backends (h2c)",
        ServiceProtocol::Http2 => "HTTP/2 to backends",
        ServiceProtocol::Grpc => "gRPC",
        ServiceProtocol::Websocket => "WebSocket",
        ServiceProtocol::Tls => "TLS to backends without via",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_cannot_do_is_found_with_its_place() {
        let document = br#"{ "version": 1, "services": { "plain": {}, "socket": { "protocol": "websocket" }, "rpc": { "protocol": "grpc" }, "tls": { "protocol": "tls" } },
"routes": [ { "name": "r", "rules": [
    { "filters": [ { "type": "RequestMirror", "requestMirror": { "service": "plain" } } ], "backends": [ { "service": "plain" } ] },
    { "backends": [ { "service": "rpc" } ] } ] } ] }"#;
        let checked = ghost_core::check(document, "ghost.json");
        let routes = checked.routes.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
        let found = |via: bool| {
            let found = findings(&routes, "ghost.json", &|_| via);
            found
                .iter()
                .map(|one| {
                    format!("{}:{} {}", one.place.line, one.code, one.object.clone().unwrap_or_default())
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(found(false), ["1:GH0602 Service/rpc", "1:GH0602 Service/tls", "3:GH0603 HTTPRoute/r"]);
        assert_eq!(found(true), ["1:GH0602 Service/rpc", "3:GH0603 HTTPRoute/r"]);
    }

    /// The samples and records that `docs/errors/` shows; `UPDATE_GOLDEN=1` writes the records anew.
    #[test]
    fn what_is_said_is_recorded() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/errors");
        for code in ["GH0601", "GH0602", "GH0603"] {
            let file = format!("{code}.json");
            let found = match std::fs::read(folder.join(&file)) {
                Ok(document) => {
                    let routes = ghost_core::check(&document, &file).routes.unwrap();
                    findings(&routes, &file, &|_| false)
                }
                Err(_) => crate::documents::Documents::read(file.as_ref(), None, 7).err().unwrap().0,
            };
            assert!(found.iter().any(|one| one.code == code), "{found:?}");
            let printed = serde_json::to_string_pretty(&found).unwrap() + "\n";
            let record = folder.join(format!("{code}.found.json"));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&record, &printed).unwrap();
            }
            assert_eq!(std::fs::read_to_string(&record).unwrap_or_default(), printed);
        }
    }

    #[test]
    fn places_may_have_colons_in_their_files() {
        assert_eq!(place("c:x.yaml:12:3"), ("c:x.yaml".to_owned(), Place { line: 12, column: 3 }));
        assert_eq!(place("nowhere").1, Place { line: 1, column: 1 });
    }
}
