//! Rates: events in a sliding window, a bucket of tokens, and the pace of a slow reader.

/// Events of the last minute, by two fixed windows of which the older one fades out.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerMinute {
    window: u64,
    before: u32,
    now: u32,
}

const MINUTE: u64 = 60_000;

impl PerMinute {
    /// Counts an event at `now`, in milliseconds of a clock that only rises; false: more than `limit` in the last minute.
    pub fn event(&mut self, now: u64, limit: u32) -> bool {
        let window = now / MINUTE;
        if window != self.window {
            self.before = if window == self.window + 1 { self.now } else { 0 };
            (self.window, self.now) = (window, 0);
        }
        self.now = self.now.saturating_add(1);
        let fading = u64::from(self.before) * (MINUTE - now % MINUTE) / MINUTE;
        fading + u64::from(self.now) <= u64::from(limit)
    }
}

/// A bucket of tokens: `burst` at once, then `per_second`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokenBucket {
    /// When the bucket would be full again, in microseconds.
    full_at: u64,
}

impl TokenBucket {
    /// Takes a token at `now`, in microseconds of a clock that only rises; false: there is none.
    pub fn take(&mut self, now: u64, per_second: u32, burst: u32) -> bool {
        if per_second == 0 || burst == 0 {
            return false;
        }
        let token = 1_000_000 / u64::from(per_second);
        let full_at = self.full_at.max(now) + token;
        if full_at - now > token.saturating_mul(burst.into()) {
            return false;
        }
        self.full_at = full_at;
        true
    }

    /// Whether the bucket is full, so that it need not be kept.
    pub fn is_full(&self, now: u64) -> bool {
        self.full_at <= now
    }
}

/// A reader that is not waited for this long has caught up, in milliseconds: the kernel takes more at once than it hands on.
const CAUGHT_UP: u64 = 1_000;

/// Whether a reader that makes us wait takes at least so many bytes a second. Only the time in which a full buffer waits for
/// it counts: a sender that pauses makes no reader slow.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    since: Option<u64>,
    /// When it was last waited for.
    last: u64,
    waited: u64,
    taken: u64,
}

impl Pace {
    /// The reader took bytes at `now`, in milliseconds.
    pub fn took(&mut self, bytes: usize, now: u64) {
        self.stop_waiting(now);
        self.taken = self.taken.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Nothing is left in the buffer at `now`. A reader that was not waited for in the last second has caught up.
    pub fn emptied(&mut self, now: u64) {
        self.stop_waiting(now);
        if now.saturating_sub(self.last) > CAUGHT_UP {
            *self = Self::default();
        }
    }

    fn stop_waiting(&mut self, now: u64) {
        if let Some(since) = self.since.take() {
            self.waited = self.waited.saturating_add(now.saturating_sub(since));
            self.last = now;
        }
    }

    /// A buffer is full from `now` on.
    pub fn waits(&mut self, now: u64) {
        self.since.get_or_insert(now);
    }

    /// Since when the reader has taken nothing, where it is waited for.
    pub fn stuck_since(&self) -> Option<u64> {
        self.since
    }

    /// When the reader will be too slow if it takes nothing until then: waited for longer than `grace`, and with less than
    /// `least` bytes for each second of that. `None` while nobody waits for it.
    pub fn too_slow_at(&self, grace: u64, least: u32) -> Option<u64> {
        let since = self.since?;
        let earned = self.taken.saturating_mul(1000).checked_div(least.into())?;
        let left = grace.max(earned).saturating_sub(self.waited);
        Some(since.saturating_add(left).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_slides() {
        let mut resets = PerMinute::default();
        assert_eq!((0..200).filter(|_| resets.event(0, 100)).count(), 100);
        let mut steady = PerMinute::default();
        assert!((0..6_000).all(|event| steady.event(event * 600, 101)), "one each 600 ms is 100 a minute");
        let mut edge = PerMinute::default();
        assert!((0..100).all(|_| edge.event(59_999, 100)));
        assert!(!edge.event(60_000, 100), "a burst at the border counts on both sides");
        assert!(edge.event(180_000, 100));
    }

    #[test]
    fn tokens_come_back() {
        let mut bucket = TokenBucket::default();
        assert_eq!((0..100).filter(|_| bucket.take(1_000_000, 10, 5)).count(), 5);
        assert!(!bucket.take(1_099_999, 10, 5));
        assert!(bucket.take(1_100_000, 10, 5));
        assert!(!bucket.is_full(1_100_000) && bucket.is_full(1_600_000));
        assert!(!TokenBucket::default().take(0, 0, 5));
    }

    #[test]
    fn only_a_reader_that_is_waited_for_can_be_slow() {
        let mut pace = Pace::default();
        assert_eq!(pace.too_slow_at(30_000, 240), None);
        pace.waits(0);
        assert_eq!(pace.too_slow_at(30_000, 240), Some(30_001));
        assert_eq!(pace.too_slow_at(30_000, 0), None, "no least pace");
        pace.took(240 * 40, 20_000);
        assert_eq!(pace.too_slow_at(30_000, 240), None, "nobody waits");
        pace.waits(100_000);
        assert_eq!((pace.stuck_since(), pace.too_slow_at(30_000, 240)), (Some(100_000), Some(120_001)));
        pace.emptied(101_000);
        pace.waits(110_000);
        assert_eq!(pace.too_slow_at(30_000, 240), Some(129_001), "it had taken nothing since");
        pace.took(1, 111_000);
        pace.emptied(112_001);
        pace.waits(200_000);
        assert_eq!(pace.too_slow_at(30_000, 240), Some(230_001), "it had caught up");
    }
}
