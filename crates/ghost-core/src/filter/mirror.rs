//! Which services get a copy of a request (Gateway API HTTPRequestMirrorFilter).

use crate::model::Mirror;
use crate::select::Draw;

/// The services that get a copy, in the order written. Every mirror decides for itself.
pub fn copies(mirrors: &[Mirror], draw: Draw) -> impl Iterator<Item = &str> {
    let mut left = draw;
    mirrors.iter().filter_map(move |mirror| {
        let (point, rest) = left.take(u64::from(mirror.share.denominator));
        left = rest;
        (point < u64::from(mirror.share.numerator)).then_some(&*mirror.service)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Share;

    #[test]
    fn each_mirror_gets_its_share() {
        let mirror = |service: &str, numerator, denominator| Mirror {
            service: service.into(),
            share: Share { numerator, denominator },
        };
        let mirrors =
            [mirror("all", 1, 1), mirror("half", 25, 50), mirror("tenth", 10, 100), mirror("none", 0, 100)];
        let mut counts = std::collections::BTreeMap::new();
        for step in 0..1_000_u64 {
            for service in copies(&mirrors, Draw::from_bits(crate::select::key_of(&step.to_be_bytes()))) {
                *counts.entry(service.to_owned()).or_insert(0) += 1;
            }
        }
        assert_eq!(counts.get("all"), Some(&1_000));
        assert_eq!(counts.get("none"), None);
        assert!((440..560).contains(&counts["half"]), "{counts:?}");
        assert!((65..135).contains(&counts["tenth"]), "{counts:?}");
    }
}
