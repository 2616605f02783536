//! Times as logs write them.

use super::number;

/// `2026-11-21T14:15:30.123Z` (RFC 3339).
pub(super) fn rfc_3339(milliseconds: u64, out: &mut Vec<u8>) {
    let time = Civil::of(milliseconds);
    number(time.year, out);
    out.push(b'-');
    two(time.month, out);
    out.push(b'-');
    two(time.day, out);
    out.push(b'T');
    time.clock(out);
    out.push(b'.');
    let milliseconds = milliseconds % 1000;
    number(milliseconds / 100, out);
    two(milliseconds % 100, out);
    out.push(b'Z');
}

/// `21/Nov/2026:14:15:30 +0000`, as in Common Log Format.
pub(super) fn clf(milliseconds: u64, out: &mut Vec<u8>) {
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let time = Civil::of(milliseconds);
    two(time.day, out);
    out.push(b'/');
    let month = usize::try_from(time.month - 1).unwrap_or(0);
    out.extend_from_slice(MONTHS.get(month).copied().unwrap_or(b"Jan"));
    out.push(b'/');
    number(time.year, out);
    out.push(b':');
    time.clock(out);
    out.extend_from_slice(b" +0000");
}

/// A time in the Gregorian calendar, UTC.
struct Civil {
    year: u64,
    month: u64,
    day: u64,
    second: u64,
}

impl Civil {
    fn of(milliseconds: u64) -> Self {
        let seconds = milliseconds / 1000;
        // Days since 1 March of year 0, so that a leap day ends its year; a calendar era has 146,097 days.
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            second: seconds % 86_400,
        }
    }

    fn clock(&self, out: &mut Vec<u8>) {
        two(self.second / 3600, out);
        out.push(b':');
        two(self.second / 60 % 60, out);
        out.push(b':');
        two(self.second % 60, out);
    }
}

fn two(value: u64, out: &mut Vec<u8>) {
    number(value / 10, out);
    number(value % 10, out);
}

#[cfg(test)]
mod tests {
    use ghost_core::model::Timestamp;

    use super::*;

    /// The same day, counted from the first of January of its year by hand.
    fn by_days(day: u64) -> String {
        let (mut year, mut rest) = (1970, day);
        loop {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = if leap { 366 } else { 365 };
            if rest < days {
                let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
                let mut month = 0;
                while rest >= lengths[month] {
                    rest -= lengths[month];
                    month += 1;
                }
                return format!("{year:04}-{:02}-{:02}T23:59:59.007Z", month + 1, rest + 1);
            }
            rest -= days;
            year += 1;
        }
    }

    #[test]
    fn every_day_of_four_centuries_reads_back() {
        for day in 0..146_097 {
            let mut out = Vec::new();
            rfc_3339(day * 86_400_000 + 86_399_007, &mut out);
            let text = String::from_utf8(out).unwrap();
            assert_eq!(Timestamp::parse(&text), Timestamp::parse(&by_days(day)), "{text}");
        }
    }
}
