//! What a configuration names outside itself: variables, files, certificates, the time.

use crate::model::CertificateFacts;

/// Looks at what the configuration names. Each answer is `Ok(None)` where nobody looks, as in an editor: then nothing is
/// said about it either. File names are as written; relative ones mean the folder of the configuration.
pub trait Surroundings {
    /// The value of an environment variable.
    ///
    /// # Errors
    /// The variable is not set.
    fn variable(&self, name: &str) -> Result<Option<String>, NotSet>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it cannot be read, in the words of the operating system.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, Problem>;

    /// What a certificate says, after its chain was parsed and its key compared with it.
    ///
    /// # Errors
    /// What is wrong with which of the two files.
    fn certificate(
        &self,
        certificate_file: &str,
        key_file: &str,
    ) -> Result<Option<CertificateFacts>, Problem>;

    /// How many certificates an authority file holds.
    ///
    /// # Errors
    /// Why it cannot be used.
    fn authorities(&self, file: &str) -> Result<Option<usize>, Problem>;

    /// Seconds since 1970.
    fn now(&self) -> Option<i64>;
}

/// The variable has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSet;

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub kind: ProblemKind,
    /// Whether it is the key file of a pair.
    pub in_key: bool,
    /// In words, without the file's name.
    pub message: String,
}

impl Problem {
    /// A problem with the only file, or with the certificate of a pair.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, in_key: false, message: message.into() }
    }

    /// A problem with the key file of a pair.
    pub fn in_key(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, in_key: true, message: message.into() }
    }
}

/// Kind of problem with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is missing or may not be read.
    Unreadable,
    /// It does not hold what it should.
    Invalid,
    /// Key and certificate do not belong together.
    KeyMismatch,
}

/// Looks at nothing: for editors, and for reading a configuration where it will not be used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blind;

impl Surroundings for Blind {
    fn variable(&self, _: &str) -> Result<Option<String>, NotSet> {
        Ok(None)
    }
    fn file(&self, _: &str) -> Result<Option<Vec<u8>>, Problem> {
        Ok(None)
    }
    fn certificate(&self, _: &str, _: &str) -> Result<Option<CertificateFacts>, Problem> {
        Ok(None)
    }
    fn authorities(&self, _: &str) -> Result<Option<usize>, Problem> {
        Ok(None)
    }
    fn now(&self) -> Option<i64> {
        None
    }
}
