//! One line of the log, written on the stack. Piece by piece for the lines that every request writes: the formatter
//! would cost more than the decision.

use std::fmt::{self, Write};

/// The longest line that the log keeps with the default parameter `vsl_reclen`.
const MAX: usize = 254;

/// Most digits of a number.
const DIGITS: usize = 20;

/// A line; what is too long is cut.
pub(crate) struct Line {
    bytes: [u8; MAX],
    len: usize,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; MAX], len: 0 }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Appends a text. False where it was cut.
    fn put(&mut self, text: &[u8]) -> bool {
        let free = self.bytes.get_mut(self.len..).unwrap_or_default();
        let taken = text.len().min(free.len());
        if let (Some(to), Some(from)) = (free.get_mut(..taken), text.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.len += taken;
        taken == text.len()
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.put(text.as_bytes());
        self
    }

    /// In decimal digits.
    pub(crate) fn number(mut self, mut number: u64) -> Self {
        let mut digits = [0; DIGITS];
        let mut first = DIGITS;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            first -= 1;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.put(digits.get(first..).unwrap_or_default());
        self
    }

    /// In eight hexadecimal digits.
    pub(crate) fn hex(mut self, number: u32) -> Self {
        let digit = |nibble: u32| char::from_digit(nibble & 0xf, 16).map_or(b'0', |digit| digit as u8);
        self.put(&[28, 24, 20, 16, 12, 8, 4, 0].map(|shift| digit(number >> shift)));
        self
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // A full buffer ends the writing, which is what is meant.
        if self.put(text.as_bytes()) { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_formatter_writes_them() {
        for number in [0, 7, 10, 99, 100, 4_294_967_295, u64::MAX] {
            assert_eq!(Line::new().number(number).as_bytes(), format!("{number}").as_bytes());
        }
        for number in [0, 1, 0x00ff_a009, u32::MAX] {
            assert_eq!(Line::new().hex(number).as_bytes(), format!("{number:08x}").as_bytes());
        }
    }

    #[test]
    fn a_line_is_cut_where_the_log_would_cut_it() {
        let line = Line::new().text(&"a".repeat(MAX - 1)).text("bc").number(1);
        assert_eq!(line.as_bytes().len(), MAX);
        assert!(line.as_bytes().ends_with(b"ab"));
        let mut line = Line::new();
        assert!(write!(line, "{}", "a".repeat(MAX + 1)).is_err());
        assert_eq!(line.as_bytes().len(), MAX);
    }
}
