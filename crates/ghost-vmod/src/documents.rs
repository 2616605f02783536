//! The documents: read, checked, compiled. The only place that opens files. Knows nothing of the engine.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ghost_core::config::Code;
use ghost_core::model::{Endpoints, Routes};
use ghost_core::{Diagnostic, EndpointTable, RouteTable, check, check_endpoints};
use sha2::{Digest, Sha256};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// Stack for parsing and compiling: a worker has 80 KiB, of which a part is used.
const STACK: usize = 8 << 20;

/// The documents as they were last read.
#[derive(Clone)]
pub(crate) struct Documents {
    /// What was written, as a checksum.
    pub(crate) routes_sum: Sum,
    /// Of the endpoints file; that of the routes where the endpoints are written there.
    pub(crate) endpoints_sum: Sum,
    pub(crate) checked: Arc<Routes>,
    checked_endpoints: Option<Arc<Endpoints>>,
    pub(crate) table: Arc<RouteTable>,
    pub(crate) endpoints: Arc<EndpointTable>,
    /// Findings in the routes, then in the endpoints file.
    findings: [Arc<[Diagnostic]>; 2],
}

/// SHA-256 of a file.
pub(crate) type Sum = [u8; 32];

/// A document cannot be read at all. Holds every finding, at least one error.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) Vec<Diagnostic>);

impl Documents {
    /// Reads what changed since `last`.
    pub(crate) fn read(path: &Path, last: Option<&Documents>, seed: u64) -> Result<Self, Unreadable> {
        stacker::grow(STACK, || Self::read_here(path, last, seed))
    }

    fn read_here(path: &Path, last: Option<&Documents>, seed: u64) -> Result<Self, Unreadable> {
        #[cfg(feature = "panic-injection")]
        crate::guard::injection::strike("documents", None);
        let (bytes, routes_sum) = contents(path)?;
        let same = last.filter(|last| last.routes_sum == routes_sum);
        let (checked, table, found) = match same {
            Some(last) => (Arc::clone(&last.checked), Arc::clone(&last.table), Arc::clone(&last.findings[0])),
            None => compile(&bytes, path, seed)?,
        };
        let file = checked.endpoints_file.as_deref().map(|file| beside(path, file));
        let (checked_endpoints, endpoints_sum, endpoint_findings) = match &file {
            None => (None, routes_sum, Arc::from([])),
            Some(file) => endpoints(file, last)?,
        };
        let endpoints = match same.filter(|last| last.endpoints_sum == endpoints_sum) {
            Some(last) => Arc::clone(&last.endpoints),
            None => Arc::new(EndpointTable::build(&checked, checked_endpoints.as_deref())),
        };
        let findings = [found, endpoint_findings];
        Ok(Self { routes_sum, endpoints_sum, checked, checked_endpoints, table, endpoints, findings })
    }

    pub(crate) fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().flat_map(|findings| findings.iter())
    }

    /// Names of the documents that differ from those of `last`.
    pub(crate) fn changed_since(&self, last: &Documents) -> Vec<&'static str> {
        let routes = (!Arc::ptr_eq(&self.table, &last.table)).then_some("routes");
        let endpoints = (self.endpoints_sum != last.endpoints_sum).then_some("endpoints");
        routes.into_iter().chain(endpoints).collect()
    }
}

type Compiled = (Arc<Routes>, Arc<RouteTable>, Arc<[Diagnostic]>);

fn compile(bytes: &[u8], path: &Path, seed: u64) -> Result<Compiled, Unreadable> {
    let checked = check(bytes, &path.to_string_lossy());
    let Some(routes) = checked.routes else { return Err(Unreadable(checked.diagnostics)) };
    let table = RouteTable::build_with_seed(&routes, seed);
    Ok((Arc::new(routes), Arc::new(table), checked.diagnostics.into()))
}

type ReadEndpoints = (Option<Arc<Endpoints>>, Sum, Arc<[Diagnostic]>);

fn endpoints(file: &Path, last: Option<&Documents>) -> Result<ReadEndpoints, Unreadable> {
    let (bytes, sum) = contents(file)?;
    if let Some(last) = last.filter(|last| last.endpoints_sum == sum && last.checked_endpoints.is_some()) {
        return Ok((last.checked_endpoints.clone(), sum, Arc::clone(&last.findings[1])));
    }
    let checked = check_endpoints(&bytes, &file.to_string_lossy());
    match checked.endpoints {
        Some(endpoints) => Ok((Some(Arc::new(endpoints)), sum, checked.diagnostics.into())),
        None => Err(Unreadable(checked.diagnostics)),
    }
}

/// `endpointsFile` is relative to the document that names it.
fn beside(path: &Path, file: &str) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).join(file)
}

fn contents(path: &Path) -> Result<(Vec<u8>, Sum), Unreadable> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > MAX_FILE => {
            Err(unreadable(path, format!("larger than {} MiB", MAX_FILE >> 20)))
        }
        Ok(_) => {
            let sum = Sha256::digest(&bytes).into();
            Ok((bytes, sum))
        }
        Err(error) => Err(unreadable(path, error.to_string())),
    }
}

fn unreadable(path: &Path, why: String) -> Unreadable {
    let code = Code::UnreadableDocument;
    Unreadable(vec![Diagnostic {
        code: code.as_str(),
        severity: code.severity(),
        file: path.to_string_lossy().into_owned(),
        place: ghost_core::config::Place { line: 1, column: 1 },
        path: String::new(),
        message: format!("The file cannot be read: {why}"),
        help: code.help().to_owned(),
        object: None,
    }])
}

/// A finding as one line: `file:line:column: code message`.
pub(crate) fn line(finding: &Diagnostic) -> String {
    let Diagnostic { file, place, code, message, .. } = finding;
    format!("{file}:{}:{}: {code} {message}", place.line, place.column)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder of its own for each test, empty at first.
    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("ghost-documents-{}-{test}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    const ROUTES: &str = r#"{ "version": 1, "generation": 1, "endpointsFile": "sub/endpoints.json", "services": { "s": {} }, "routes": [] }"#;

    fn endpoints(generation: u32) -> String {
        let list = r#"[ { "address": "10.0.0.1", "port": 80 } ]"#;
        format!(
            r#"{{ "version": 1, "generation": {generation}, "services": {{ "s": {{ "endpoints": {list} }} }} }}"#
        )
    }

    #[test]
    fn only_what_changed_is_compiled_again() {
        let folder = folder("changed");
        let path = folder.join("ghost.json");
        fs::create_dir(folder.join("sub")).unwrap();
        fs::write(&path, ROUTES).unwrap();
        fs::write(folder.join("sub/endpoints.json"), endpoints(1)).unwrap();
        let first = Documents::read(&path, None, 7).unwrap();
        assert_eq!((first.endpoints.generation(), first.endpoints.count()), (Some(1), 1));

        let same = Documents::read(&path, Some(&first), 7).unwrap();
        assert!(Arc::ptr_eq(&same.table, &first.table) && Arc::ptr_eq(&same.endpoints, &first.endpoints));
        assert!(same.changed_since(&first).is_empty());

        fs::write(folder.join("sub/endpoints.json"), endpoints(2)).unwrap();
        let second = Documents::read(&path, Some(&first), 7).unwrap();
        assert!(Arc::ptr_eq(&second.table, &first.table));
        assert_eq!(
            (second.changed_since(&first), second.endpoints.generation()),
            (vec!["endpoints"], Some(2))
        );

        fs::write(&path, ROUTES.replace(r#""generation": 1"#, r#""generation": 3"#)).unwrap();
        let third = Documents::read(&path, Some(&second), 7).unwrap();
        assert_eq!((third.changed_since(&second), third.table.generation()), (vec!["routes"], Some(3)));
        assert_eq!(third.endpoints.count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        let folder = folder("unreadable");
        let path = folder.join("ghost.json");
        let first_line = |path: &Path| line(&Documents::read(path, None, 7).err().unwrap().0[0]);
        let missing = first_line(&path);
        assert!(missing.contains("ghost.json:1:1: GH0601 The file cannot be read: "), "{missing}");
        fs::write(&path, "{ \"version\": 1,\n  \"routes\": [").unwrap();
        let torn = first_line(&path);
        assert!(torn.contains("ghost.json:2:"), "{torn}");
        fs::write(&path, ROUTES).unwrap();
        let no_endpoints = first_line(&path);
        assert!(no_endpoints.contains("sub/endpoints.json:1:1: GH0601"), "{no_endpoints}");
        fs::remove_dir_all(folder).unwrap();
    }
}
