//! A short name for a decision, from which it can be made again: generation, winner and draw.

use super::Winner;
use crate::select::Draw;

/// `generation-winner-draw`: the winner as a hash of route, rule and match (0 where none won), the draw's upper half.
pub fn decision_id(generation: Option<u64>, winner: Option<&Winner<'_>>, draw: Draw) -> String {
    format!("{}-{:08x}-{:08x}", generation.unwrap_or(0), winner_part(winner), drawn_part(draw))
}

/// What [`decision_id`] gives, but for the eight hexadecimal digits of [`drawn_part`] that end it: for those who write
/// many ids of one winner.
pub fn decision_id_without_draw(generation: Option<u64>, winner: Option<&Winner<'_>>) -> String {
    format!("{}-{:08x}-", generation.unwrap_or(0), winner_part(winner))
}

/// The part of a draw that stands in ids.
pub fn drawn_part(draw: Draw) -> u32 {
    u32::try_from(draw.bits() >> 32).unwrap_or(u32::MAX)
}

fn winner_part(winner: Option<&Winner<'_>>) -> u32 {
    winner.map_or(0, |winner| {
        let place = (u32::from(winner.rule_index) << 16 | u32::from(winner.match_index)).to_be_bytes();
        fnv1a(winner.route.id.bytes().chain(place))
    })
}

/// FNV-1a, 32 bits: short, and the same everywhere.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_two_parts_put_together() {
        let draw = Draw::from_bits(0x00ff_a009_dead_beef);
        assert_eq!(decision_id(Some(7), None, draw), "7-00000000-00ffa009");
        let parts = format!("{}{:08x}", decision_id_without_draw(Some(7), None), drawn_part(draw));
        assert_eq!(parts, decision_id(Some(7), None, draw));
    }
}
