//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::run::{self, Options, Outcome};
use crate::source::{self, Source};

/// What it answers to `--help`.
const HELP: &str = "\
Examples:
  ghost-edge --config config.toml          serve
  ghost-edge check --config config.toml    say what is wrong with a configuration

Usage: ghost-edge [run | check | version] [--config FILE] [--check]

  run                serve (what is done without a command)
  check, --check     check the configuration and everything it names, change nothing
  version            print the version
  -c, --config FILE  TOML, YAML or ghost.json (default: config.toml)
      --last-good D  when the configuration is refused, serve the last good one kept in this folder
      --replay       for tests: requests name their draw, responses show their decision
  -h, --help         this

Signals: TERM and INT drain, a second one stops; HUP reads the configuration again; USR1 opens log files again.
Exit codes: 0 fine, 1 failed while running, 2 usage, 3 configuration refused, 5 drain cut short.
";

#[derive(Debug, PartialEq, Eq)]
enum Verb {
    Run,
    Check,
    Version,
    Help,
}

#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    verb: Verb,
    config: PathBuf,
    last_good: Option<PathBuf>,
    replay: bool,
}

/// Does what the arguments (without the program's name) say; gives the exit code.
pub fn main(arguments: impl Iterator<Item = OsString>) -> u8 {
    let arguments = match parse(arguments) {
        Ok(arguments) => arguments,
        Err(message) => {
            error(&format!("{message}; try ghost-edge --help"));
            return 2;
        }
    };
    match arguments.verb {
        Verb::Help => print(HELP),
        Verb::Version => print(&format!("ghost-edge {}\n", env!("CARGO_PKG_VERSION"))),
        Verb::Check => return check(&arguments.config),
        Verb::Run => {
            let options = Options {
                config: &arguments.config,
                last_good: arguments.last_good.as_deref(),
                replay: arguments.replay,
            };
            return match run::run(&options) {
                Outcome::Done => 0,
                Outcome::Failed => 1,
                Outcome::Refused => 3,
                Outcome::CutShort => 5,
            };
        }
    }
    0
}

fn check(config: &std::path::Path) -> u8 {
    let source = Source::new(config);
    let loaded = source.load();
    for finding in &loaded.diagnostics {
        error(&source::lines(finding));
    }
    let Some(configuration) = loaded.configuration else { return 3 };
    if let Err(errors) = run::compiles(configuration, &source) {
        errors.iter().for_each(|finding| error(&finding.to_string()));
        return 3;
    }
    print(&format!("{}: fine\n", config.display()));
    0
}

fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let mut parsed =
        Arguments { verb: Verb::Run, config: "config.toml".into(), last_good: None, replay: false };
    let mut verb = None;
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        let word = match &*text {
            "-h" | "--help" => Some(Verb::Help),
            "-V" | "--version" | "version" => Some(Verb::Version),
            "--check" | "check" => Some(Verb::Check),
            "run" => Some(Verb::Run),
            _ => None,
        };
        match (word, &*text) {
            (Some(Verb::Help), _) => verb = Some(Verb::Help),
            (Some(word), _) => match &verb {
                Some(other) if *other != word => {
                    return Err(format!("{text} does not go with {other:?}").to_lowercase());
                }
                _ => verb = Some(word),
            },
            (None, "-c" | "--config") => {
                parsed.config = arguments.next().ok_or_else(|| format!("{text} needs a file"))?.into();
            }
            (None, "--last-good") => {
                parsed.last_good = Some(arguments.next().ok_or("--last-good needs a folder")?.into());
            }
            (None, "--replay") => parsed.replay = true,
            (None, other) => match other.strip_prefix("--config=") {
                Some(file) => parsed.config = file.into(),
                None => return Err(format!("unknown argument {other}")),
            },
        }
    }
    parsed.verb = verb.unwrap_or(Verb::Run);
    Ok(parsed)
}

#[expect(clippy::print_stdout, reason = "the shell owns its streams")]
fn print(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "the shell owns its streams")]
fn error(text: &str) {
    eprintln!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_words_of_the_command_line() {
        let of = |verb, config: &str| {
            Ok(Arguments { verb, config: config.into(), last_good: None, replay: false })
        };
        assert_eq!(parsed(""), of(Verb::Run, "config.toml"));
        assert_eq!(parsed("--config a.yaml"), of(Verb::Run, "a.yaml"));
        assert_eq!(parsed("run -c a.yaml"), of(Verb::Run, "a.yaml"));
        assert_eq!(parsed("--check --config=a.yaml"), of(Verb::Check, "a.yaml"));
        assert_eq!(parsed("check"), of(Verb::Check, "config.toml"));
        assert_eq!(parsed("version"), of(Verb::Version, "config.toml"));
        assert!(parsed("--config").is_err());
        assert!(parsed("serve").is_err());
        assert!(parsed("run check").is_err());
    }
}
