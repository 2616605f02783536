//! A short name for a decision, from which it can be made again: generation, winner and draw.

use super::Winner;
use crate::select::Draw;

/// `generation-winner-draw`: the winner as a hash of route, rule and match (0 where none won), the draw's upper half.
pub fn decision_id(generation: Option<u64>, winner: Option<&Winner<'_>>, draw: Draw) -> String {
    let winner = winner.map_or(0, |winner| {
        let place = (u32::from(winner.rule_index) << 16 | u32::from(winner.match_index)).to_be_bytes();
        fnv1a(winner.route.id.bytes().chain(place))
    });
    format!("{}-{winner:08x}-{:08x}", generation.unwrap_or(0), draw.bits() >> 32)
}

/// FNV-1a, 32 bits: short, and the same everywhere.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
