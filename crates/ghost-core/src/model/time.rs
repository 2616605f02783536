//! Instants and durations as the documents write them.

/// Seconds and nanoseconds since 1970 in UTC: only ever compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// Parses RFC 3339, section 5.6 (`2026-01-01T00:00:00Z`, fraction and offset allowed).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = b"dddd-dd-ddTdd:dd:dd";
        let (head, tail) = (bytes.get(..shape.len())?, text.get(shape.len()..)?);
        let fits = head.iter().zip(shape).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            other => byte.eq_ignore_ascii_case(other),
        });
        if !fits {
            return None;
        }
        let field = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
        let (hour, minute, second) = (field(11, 13)?, field(14, 16)?, field(17, 19)?);
        let day_exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        if !day_exists || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let (nanoseconds, zone) = fraction(tail)?;
        let seconds = days_before(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Self { seconds: seconds - offset_seconds(zone)?, nanoseconds })
    }
}

fn fraction(tail: &str) -> Option<(u32, &str)> {
    let Some(digits_on) = tail.strip_prefix('.') else {
        return Some((0, tail));
    };
    let end = digits_on.find(|character: char| !character.is_ascii_digit())?;
    let digits = digits_on.get(..end).filter(|digits| !digits.is_empty())?;
    let padded: String = digits.chars().chain("000000000".chars()).take(9).collect();
    Some((padded.parse().ok()?, digits_on.get(end..)?))
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes() {
        [b'+', _, _, b':', _, _] => 1,
        [b'-', _, _, b':', _, _] => -1,
        _ => return None,
    };
    let number = |digits: Option<&str>| {
        digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse::<i64>().ok()
    };
    let (hours, minutes) = (number(zone.get(1..3))?, number(zone.get(4..6))?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let whole_years = year - 1;
    let leap_days = whole_years / 4 - whole_years / 100 + whole_years / 400;
    let months: i64 = (1..month).map(|earlier| days_in(year, earlier)).sum();
    whole_years * 365 + leap_days + months + day - 1 - 719_162
}

/// Milliseconds of a Gateway API duration (GEP-2257): one to four groups of up to five digits and h, m, s or ms.
pub fn parse_duration(text: &str) -> Option<u64> {
    let (mut rest, mut total, mut groups) = (text, 0_u64, 0);
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|character: char| character.is_ascii_digit()).len();
        let number: u64 = rest.get(..digits)?.parse().ok().filter(|_| digits <= 5)?;
        let unit_on = rest.get(digits..)?;
        let (unit, length) = match unit_on.as_bytes() {
            [b'm', b's', ..] => (1, 2),
            [b's', ..] => (1_000, 1),
            [b'm', ..] => (60_000, 1),
            [b'h', ..] => (3_600_000, 1),
            _ => return None,
        };
        total += number * unit;
        groups += 1;
        rest = unit_on.get(length..)?;
    }
    (1..=4).contains(&groups).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_compare_across_offsets_and_fractions() {
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(at("1970-01-01T00:00:00Z"), Timestamp { seconds: 0, nanoseconds: 0 });
        assert_eq!(at("2026-01-01T01:00:00+01:00"), at("2026-01-01T00:00:00Z"));
        assert_eq!(at("2000-03-01T00:00:00Z").seconds - at("2000-02-28T00:00:00Z").seconds, 2 * 86_400);
        assert!(at("2026-01-01T00:00:00.5Z") > at("2026-01-01T00:00:00.25Z"));
        assert_eq!(at("2026-11-21T10:55:00Z").seconds, 1_795_258_500);
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-01-01",
            "2026-02-30T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+1:00",
            "2026-1-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_those_of_gep_2257() {
        for (text, milliseconds) in [
            ("0s", 0),
            ("500ms", 500),
            ("10s", 10_000),
            ("1m30s", 90_000),
            ("1h1m1s1ms", 3_661_001),
            ("99999h", 359_996_400_000),
        ] {
            assert_eq!(parse_duration(text), Some(milliseconds), "{text}");
        }
        for text in ["", "1", "s", "-1s", "1.5s", "100000s", "1d", "1s1s1s1s1s", "1 s"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
