//! Regular expressions that cannot hurt: linear time, bounded size, the whole value, bytes in and no allocation.
//!
//! Syntax is the `regex` crate's without Unicode mode, so `\d`, `\w` and `\s` are ASCII as in RE2, which the
//! other gateways use. A pattern takes a value only as a whole. Patterns become automata of a fixed size where
//! they fit; the few that do not are run by a linear-time engine that keeps scratch memory of its own.

use std::fmt;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind, meta};
use regex_syntax::hir::{Hir, Look};

/// Most characters of a pattern.
const MAX_PATTERN_LENGTH: usize = 1024;
/// Most bytes of a compiled pattern before it is refused.
const MAX_COMPILED: usize = 1 << 20;
/// Most bytes of a pattern's automaton before the slower engine takes it.
const MAX_AUTOMATON: usize = 128 << 10;
const MAX_NESTING: u32 = 64;

/// A checked pattern. Equality is that of the text.
#[derive(Clone)]
pub struct Pattern {
    text: Box<str>,
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Automaton { dfa: std::sync::Arc<dense::DFA<Vec<u32>>>, start: StateID },
    Searcher(Box<meta::Regex>),
}

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPattern(pub String);

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Syntax, look-around, back-references, more than 1024 characters, or too large when compiled.
    pub fn new(text: &str) -> Result<Self, InvalidPattern> {
        let hir = parse(text)?;
        let nfa = compile(std::slice::from_ref(&hir))?;
        let engine = match automaton(&nfa, MAX_AUTOMATON) {
            Some((dfa, start)) => Engine::Automaton { dfa: dfa.into(), start },
            None => Engine::Searcher(Box::new(searcher(hir)?)),
        };
        Ok(Self { text: text.into(), engine })
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it fits an automaton of fixed size.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.engine, Engine::Automaton { .. })
    }

    /// Whether the whole value is taken.
    pub fn takes(&self, value: &[u8]) -> bool {
        let mut run = self.run();
        run.feed(value);
        run.finish()
    }

    /// Begins a value that comes in pieces.
    pub fn run(&self) -> Run<'_> {
        match &self.engine {
            Engine::Automaton { dfa, start } => Run::Automaton { dfa, state: *start },
            Engine::Searcher(searcher) => Run::Searcher { searcher, value: Vec::new() },
        }
    }
}

/// A value on its way through a pattern.
pub enum Run<'p> {
    /// No memory but the state.
    #[doc(hidden)]
    Automaton { dfa: &'p dense::DFA<Vec<u32>>, state: StateID },
    /// Gathers the value first.
    #[doc(hidden)]
    Searcher { searcher: &'p meta::Regex, value: Vec<u8> },
}

impl Run<'_> {
    /// The next bytes of the value.
    pub fn feed(&mut self, bytes: &[u8]) {
        match self {
            Run::Automaton { dfa, state } => {
                for byte in bytes {
                    *state = dfa.next_state(*state, *byte);
                    if dfa.is_special_state(*state)
                        && (dfa.is_dead_state(*state) || dfa.is_quit_state(*state))
                    {
                        break;
                    }
                }
            }
            Run::Searcher { value, .. } => value.extend_from_slice(bytes),
        }
    }

    /// Whether the value, now whole, is taken.
    pub fn finish(self) -> bool {
        match self {
            Run::Automaton { dfa, state } => dfa.is_match_state(dfa.next_eoi_state(state)),
            Run::Searcher { searcher, value } => searcher.is_match(&value),
        }
    }
}

/// The syntax tree of a pattern.
pub(crate) fn parse(text: &str) -> Result<Hir, InvalidPattern> {
    let length = text.chars().count();
    if length > MAX_PATTERN_LENGTH {
        return Err(InvalidPattern(format!(
            "the pattern has {length} characters, at most {MAX_PATTERN_LENGTH} are taken"
        )));
    }
    let mut parser =
        regex_syntax::ParserBuilder::new().unicode(false).utf8(false).nest_limit(MAX_NESTING).build();
    parser.parse(text).map_err(|error| InvalidPattern(reason(&error)))
}

/// The last line of the parser's report is the reason; the others draw the place.
fn reason(error: &regex_syntax::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or(&text);
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// Patterns as one automaton with an end for each.
pub(crate) fn compile(patterns: &[Hir]) -> Result<thompson::NFA, InvalidPattern> {
    let config = thompson::Config::new()
        .utf8(false)
        .which_captures(thompson::WhichCaptures::None)
        .nfa_size_limit(Some(MAX_COMPILED.saturating_mul(patterns.len().max(1))));
    thompson::Compiler::new()
        .configure(config)
        .build_many_from_hir(patterns)
        .map_err(|error| InvalidPattern(error.to_string()))
}

/// A table of at most `limit` bytes, or nothing. All ends are kept (not only the first), because the
/// alternative that ends with the value is the one that counts.
pub(crate) fn automaton(nfa: &thompson::NFA, limit: usize) -> Option<(dense::DFA<Vec<u32>>, StateID)> {
    let config = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(limit))
        .determinize_size_limit(Some(limit.saturating_mul(4)));
    let dfa = dense::Builder::new().configure(config).build_from_nfa(nfa).ok()?;
    let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()?;
    Some((dfa, start))
}

fn searcher(hir: Hir) -> Result<meta::Regex, InvalidPattern> {
    let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    let config = meta::Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(MAX_COMPILED))
        .hybrid_cache_capacity(MAX_COMPILED);
    meta::Builder::new()
        .configure(config)
        .build_from_hir(&whole)
        .map_err(|error| InvalidPattern(error.to_string()))
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "/{}/", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_whole_values_only() {
        let cases: &[(&str, &str, bool)] = &[
            ("a|ab", "ab", true),
            ("a", "ab", false),
            ("b", "ab", false),
            ("", "", true),
            ("", "a", false),
            (r"/v\d+/.*", "/v12/x", true),
            (r"/v\d+/.*", "/v/x", false),
            (r"\d", "\u{0663}", false),
            ("(?i)shop", "SHOP", true),
            (r"a\b.*", "a-b", true),
            (".*", "\u{e9}", true),
            ("a{3}", "aaa", true),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(
                Pattern::new(pattern).unwrap().takes(value.as_bytes()),
                *expected,
                "{pattern} on {value}"
            );
        }
    }

    #[test]
    fn both_engines_agree() {
        // Fifteen bytes of memory of where an `a` was: 2^15 states.
        let pattern = Pattern::new(".*a.{14}").unwrap();
        assert!(
            matches!(pattern.engine, Engine::Searcher(_)),
            "the pattern was meant to be too large for a table"
        );
        for (value, expected) in
            [("a12345678901234", true), ("xxa12345678901234", true), ("a1234567890123", false), ("", false)]
        {
            assert_eq!(pattern.takes(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn what_is_not_linear_or_too_large_is_refused() {
        for pattern in [
            "(?=a)",
            "(?<!a)b",
            r"(a)\1",
            "(",
            "a{1000}{1000}",
            r"\p{L}",
            &"a".repeat(1025),
            &"(".repeat(100),
        ] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
