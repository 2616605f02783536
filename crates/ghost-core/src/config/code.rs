//! Every code a diagnostic can carry: one table for the checks, `docs/errors/` and `ghostctl help errors`.

use super::diagnostic::Severity;

macro_rules! codes {
    ($($name:ident = $code:literal $severity:ident $title:literal, $help:literal;)*) => {
        /// A kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable text, such as `GH0107`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// What it is, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// What to do about it.
            pub fn help(self) -> &'static str {
                match self { $(Code::$name => $help,)* }
            }
        }
    };
}

codes! {
    NotUtf8 = "GH0001" Error "The file is not UTF-8", "Save the file as UTF-8 without a byte order mark.";
    NotJson = "GH0002" Error "The file is not valid JSON", "Correct the syntax at the place shown; JSON has no comments and no trailing commas.";
    UnknownVersion = "GH0003" Error "The format version is not known", "Write \"version\": 1, or use a Ghost that reads the version you wrote.";
    UnknownKey = "GH0004" Error "A key is not known here", "Remove the key or correct its spelling; the schema lists the keys of each object.";
    WrongShape = "GH0005" Error "A value has the wrong type", "Write a value of the type shown.";
    MissingKey = "GH0006" Error "A required key is missing", "Add the key.";
    DuplicateKey = "GH0007" Error "A key is written twice", "Keep one of the two; JSON readers disagree about which one counts.";
    NotYaml = "GH0008" Error "The file is not valid YAML", "Correct the syntax at the place shown; write one document of YAML 1.2 without tags, directives and merge keys.";
    NotToml = "GH0009" Error "The file is not valid TOML", "Correct the syntax at the place shown.";
    ControlCharacter = "GH0102" Error "A value holds a control character", "Remove it. Ghost refuses control characters everywhere, so that no value can end a header line or a log line.";
    DuplicateRoute = "GH0101" Error "Two routes have the same kind and name", "Rename one of them; only the first one serves.";
    InvalidHostname = "GH0103" Error "A host name is not valid", "Write an exact name such as shop.example.com, or *.example.com for all names below one; no port, no scheme.";
    InvalidPath = "GH0104" Error "A path to match is not valid", "Begin with a slash, leave out query and fragment, and write the path in its canonical form.";
    InvalidMethod = "GH0105" Error "A method is not valid", "Write the method as it stands in requests, for example GET.";
    InvalidName = "GH0106" Error "A header or parameter name is not valid", "Use the characters of an HTTP token (RFC 9110 section 5.6.2), at most 126 of them for a header.";
    InvalidRegex = "GH0107" Error "A regular expression cannot be used", "Ghost matches in linear time: no look-around, no back-references, at most 1024 characters and a bounded size when compiled.";
    UnknownListener = "GH0108" Error "A route names a listener that does not exist", "Add the listener or correct the name.";
    InvalidRedirect = "GH0109" Error "A redirect is not valid", "Use scheme http or https, a port from 1 to 65535, and status 301, 302, 303, 307 or 308.";
    InvalidRewrite = "GH0110" Error "A rewrite is not valid", "Set exactly the field that `type` names; a path begins with one slash and holds no query or fragment.";
    FilterConflict = "GH0111" Error "Filters of this rule cannot stand together", "Use each kind of filter once, and a redirect without URLRewrite.";
    UnknownFilter = "GH0112" Error "A filter is not known", "Remove it or use a filter that this version has. Until then the rule answers 500.";
    InvalidTime = "GH0113" Error "A time or duration is not valid", "Write times as 2026-01-01T00:00:00Z and durations as the Gateway API does: 500ms, 10s, 1m30s.";
    UnknownService = "GH0114" Error "A backend names a service that does not exist", "Add the service or correct the key. Until then its share of requests is answered 500.";
    InvalidWeight = "GH0115" Error "A weight is out of range", "Use a weight from 0 to 1000000.";
    InvalidRetry = "GH0116" Error "A retry policy is not valid", "Use status codes from 400 to 599 and at most 16 attempts.";
    TooMany = "GH0117" Error "There are more entries than Ghost takes", "Split the route; the limit is in the message.";
    InvalidCors = "GH0118" Error "A CORS filter is not valid", "Write origins as scheme://host[:port] or *, methods and headers as tokens or *.";
    InvalidMirror = "GH0119" Error "A mirror is not valid", "Give either a percent from 0 to 100 or a fraction not above 1.";
    PrefixReplacement = "GH0120" Error "ReplacePrefixMatch needs path prefixes", "Let every match of the rule be a PathPrefix, as the Gateway API asks, or use ReplaceFullPath.";
    RepeatedName = "GH0121" Warning "A name is matched twice in one match", "Only the first entry counts (Gateway API HTTPHeaderMatch); remove the other one.";
    RedirectWithBackends = "GH0122" Error "A redirect stands beside backends", "Remove the backends or the redirect: a redirected request reaches no backend.";
    InvalidSession = "GH0123" Error "Session persistence is not valid", "Use a token as the session name, and an absolute timeout with a permanent cookie.";
    EmptyName = "GH0124" Error "A name is empty or too long", "Use 1 to 512 characters.";
    DuplicateRule = "GH0125" Warning "Two rules of a route have the same name", "Rename one of them, so that logs and answers can tell them apart.";
    DuplicateListener = "GH0201" Error "Two listeners have the same name", "Rename one of them; only the first one serves.";
    InvalidPort = "GH0202" Error "A port is out of range", "Use a port from 1 to 65535.";
    ListenerConflict = "GH0203" Error "Two listeners share port and host name", "Change port or hostname of one of them; only the first one serves.";
    DuplicateService = "GH0301" Error "A service is written twice", "Keep one of the two; only the first one serves.";
    InvalidAddress = "GH0302" Error "An endpoint address is not valid", "Write an IPv4 or IPv6 address, or unix:/path. Names are resolved by whoever writes the document.";
    InvalidEndpoint = "GH0303" Error "An endpoint is not valid", "Give a port with an IP address and none with a Unix socket.";
    InvalidBalancing = "GH0304" Error "Load balancing is not valid", "Name the header or cookie to hash on; a panic threshold is a percentage from 0 to 100.";
    UnusedTag = "GH0305" Warning "No endpoint has the active tag", "Tag an endpoint or change activeTag. Until then the service answers 503.";
    EndpointsTwice = "GH0306" Warning "Endpoints are given here and in endpointsFile", "Remove one: with endpointsFile only that file counts.";
    DuplicateEndpoint = "GH0307" Warning "An endpoint is written twice", "Remove one; only the first counts.";
    InvalidHealthCheck = "GH0308" Error "A health check is not valid", "Give an http check a path and statuses, a grpc check a grpcService; thresholds are 1 to 1000, the interval is at least 100ms.";
    Shadowed = "GH0401" Warning "A match can never be reached", "Another match that always wins takes every request of this one; remove it or make it more specific.";
    DuplicateMatch = "GH0402" Warning "Two matches are the same", "The older one wins always; remove one of them.";
    NoListenerHost = "GH0403" Warning "A route's hosts lie outside its listeners'", "Change the route's hostnames or the listener's; as it is no request can reach it.";
    Overlapping = "GH0404" Info "Two routes overlap and only age or name decides", "Give one of them a more specific match if the order matters.";
    UnreadableFile = "GH0501" Error "A file that is named cannot be read", "Correct the name, which is relative to the configuration's folder, or the rights of the file.";
    InvalidCertificate = "GH0502" Error "A certificate, key or authority file cannot be used", "Give PEM files: the certificate with its chain, leaf first; one unencrypted private key; authorities as certificates.";
    KeyMismatch = "GH0503" Error "A certificate and a key do not belong together", "Give the key that the certificate was issued for.";
    CertificateNotValid = "GH0504" Warning "A certificate is not valid now", "Renew it. It is used as it is, and clients will refuse it.";
    UncoveredName = "GH0505" Warning "No certificate covers a host", "Add a certificate with this name, or clients will refuse the connection.";
    MissingCertificate = "GH0506" Error "A TLS listener has no certificate", "Give certificate and key files in tls.cert and tls.key or under certificates, or write protocol: http.";
    UnknownVariable = "GH0507" Error "A variable is not set", "Set it, give a default as ${NAME:-default}, or write $${ for a plain ${.";
    OutOfRange = "GH0508" Error "A setting is out of range", "Use a value of the range in the message.";
    InvalidNetwork = "GH0509" Error "A network is not valid", "Write an address or a network in CIDR notation, such as 10.0.0.0/8 or fd00::/8.";
    InvalidListenAddress = "GH0510" Error "An address to listen on is not valid", "Write an IPv4 or IPv6 address, or unix:/path; names are not resolved here.";
    NothingToServe = "GH0511" Error "There is nothing to serve", "Add an upstream, a domain, routes or routes_file.";
    NoBackend = "GH0512" Error "An upstream has no backend", "Add a backend with an address.";
    InvalidBackend = "GH0513" Error "A backend address is not valid", "Write host:port, address:port, [IPv6]:port or unix:/path.";
    UnknownTag = "GH0514" Error "No backend has the enabled tag", "Tag a backend or correct enabled_backends_tag.";
    DuplicateBackend = "GH0515" Error "Two backends have the same id", "Rename one of them; the management API speaks of backends by id.";
    DuplicateDomain = "GH0516" Error "A domain is written twice", "Keep one of the two.";
    SettingConflict = "GH0517" Error "Settings cannot stand together", "Remove one of the settings in the message.";
    OpenAdministration = "GH0518" Error "The management API is open to others", "Listen on a Unix socket or a loopback address, or require a token.";
    OpenMetrics = "GH0519" Warning "Metrics are readable by others", "Metrics have no authentication: listen on a loopback address, or guard the port.";
    InvalidSecret = "GH0520" Error "A secret cannot be used", "Use at least 16 printable characters, from a variable or as file:/path.";
    InvalidSize = "GH0521" Error "A size is not valid", "Write bytes as a number or with a unit: 512B, 64KiB, 10MiB, 1GiB.";
    DefaultCertificate = "GH0522" Error "Two certificates are the default", "Mark one certificate as default.";
    UnreadableDocument = "GH0601" Error "A document cannot be read", "The child process reads it: check that it exists and that the engine's user may read it.";
    UnsupportedProtocol = "GH0602" Error "A service speaks a protocol that the engine does not", "Give the service another protocol, or let ghost-edge serve it. Until then its share of requests is answered 500.";
    UnsupportedFilter = "GH0603" Warning "A filter cannot be carried out by the engine", "Remove it, or let ghost-edge serve the route. Until then the rule serves without it.";
}
