//! One group of endpoints with the algorithm that chooses among them.

use super::{Draw, Maglev, Ring, RoundRobin, Weighted};
use crate::model::{Endpoint, LoadBalancingKind};

/// Tries of the weighted draw before the group is walked.
const REDRAWS: usize = 4;

/// Everything a choice depends on besides the table.
#[derive(Clone, Copy)]
pub struct PickInput<'i> {
    /// The random number.
    pub draw: Draw,
    /// Whose turn it is, for round robin; from the draw where absent.
    pub turn: Option<u64>,
    /// Hash of the request, for the consistent hashes; random where absent.
    pub key: Option<u64>,
    /// Hash of the endpoint that the client's session names.
    pub session: Option<u64>,
    /// Whether an endpoint may be used: healthy, not ejected, not tried before.
    pub usable: &'i dyn Fn(&Endpoint) -> bool,
    /// Requests in flight, for least request.
    pub load: &'i dyn Fn(&Endpoint) -> u32,
    /// Share of its weight that an endpoint has earned since it came up, 0 to 1 (slow start).
    pub ramp: &'i dyn Fn(&Endpoint) -> f64,
}

impl PickInput<'static> {
    /// A choice where every endpoint is healthy, idle and warm.
    pub fn new(draw: Draw) -> Self {
        Self { draw, turn: None, key: None, session: None, usable: &|_| true, load: &|_| 0, ramp: &|_| 1.0 }
    }
}

impl std::fmt::Debug for PickInput<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PickInput({:?}, turn {:?}, key {:?})", self.draw, self.turn, self.key)
    }
}

/// Endpoints of equal standing.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Places in the service's list.
    members: Box<[u32]>,
    weights: Weighted,
    algorithm: Algorithm,
}

#[derive(Debug, Clone)]
enum Algorithm {
    Random,
    LeastRequest,
    RoundRobin(RoundRobin),
    Ring(Ring),
    Maglev(Maglev),
}

impl Group {
    pub(super) fn new(kind: LoadBalancingKind, members: Box<[u32]>, all: &[Endpoint]) -> Self {
        let endpoints: Vec<&Endpoint> = members.iter().filter_map(|index| all.get(*index as usize)).collect();
        let weights: Vec<u32> = endpoints.iter().map(|endpoint| endpoint.weight).collect();
        let names = || endpoints.iter().map(|endpoint| endpoint.address.to_string()).collect::<Vec<_>>();
        let algorithm = match kind {
            LoadBalancingKind::Random => Algorithm::Random,
            LoadBalancingKind::LeastRequest => Algorithm::LeastRequest,
            LoadBalancingKind::RoundRobin => Algorithm::RoundRobin(RoundRobin::new(&weights)),
            LoadBalancingKind::RingHash => Algorithm::Ring(Ring::new(&names(), &weights)),
            LoadBalancingKind::Maglev => Algorithm::Maglev(Maglev::new(&names(), &weights)),
        };
        Self { members, weights: Weighted::new(&weights), algorithm }
    }

    pub(super) fn members<'e>(&self, all: &'e [Endpoint]) -> impl Iterator<Item = &'e Endpoint> {
        self.members.iter().filter_map(|index| all.get(*index as usize))
    }

    /// The algorithm's choice, were every endpoint usable.
    pub(super) fn first_choice<'e>(
        &self,
        all: &'e [Endpoint],
        input: &PickInput<'_>,
    ) -> Option<&'e Endpoint> {
        let member = |place: usize| all.get(*self.members.get(place)? as usize);
        match &self.algorithm {
            Algorithm::Random => member(self.weights.pick(input.draw)?.0),
            Algorithm::LeastRequest => self.less_busy(all, input),
            Algorithm::RoundRobin(robin) => member(robin.pick(turn(robin, input))?),
            Algorithm::Ring(ring) => match input.key {
                Some(key) => member(ring.walk(key).next()?),
                None => member(self.weights.pick(input.draw)?.0),
            },
            Algorithm::Maglev(maglev) => match input.key {
                Some(key) => member(maglev.walk(key).next()?),
                None => member(self.weights.pick(input.draw)?.0),
            },
        }
    }

    /// The algorithm's choice among the usable ones; `None` where none is.
    pub(super) fn next_choice<'e>(&self, all: &'e [Endpoint], input: &PickInput<'_>) -> Option<&'e Endpoint> {
        let member = |place: usize| all.get(*self.members.get(place)? as usize);
        let usable = |endpoint: &&Endpoint| (input.usable)(endpoint);
        match (&self.algorithm, input.key) {
            (Algorithm::Ring(ring), Some(key)) => ring.walk(key).filter_map(member).find(usable),
            (Algorithm::Maglev(maglev), Some(key)) => maglev.walk(key).filter_map(member).find(usable),
            (Algorithm::RoundRobin(robin), _) => {
                let first = turn(robin, input);
                (first..first + robin.len()).filter_map(|turn| member(robin.pick(turn)?)).find(usable)
            }
            _ => self.by_weight(all, input),
        }
    }

    /// Draws again a few times; then the rest of the draw chooses among those that are usable.
    fn by_weight<'e>(&self, all: &'e [Endpoint], input: &PickInput<'_>) -> Option<&'e Endpoint> {
        let mut draw = input.draw;
        for _ in 0..REDRAWS {
            let (place, rest) = self.weights.pick(draw)?;
            let endpoint = all.get(*self.members.get(place)? as usize)?;
            if (input.usable)(endpoint) && earned(endpoint, rest, input) {
                return Some(endpoint);
            }
            draw = Draw::from_bits(super::hash::key_of(&rest.bits().to_be_bytes()));
        }
        let usable: Vec<&Endpoint> = self.members(all).filter(|endpoint| (input.usable)(endpoint)).collect();
        let weights: Vec<u32> = usable.iter().map(|endpoint| endpoint.weight).collect();
        usable.get(Weighted::new(&weights).pick(draw)?.0).copied()
    }

    /// Power of two choices: of two drawn by weight, the one with fewer requests in flight.
    fn less_busy<'e>(&self, all: &'e [Endpoint], input: &PickInput<'_>) -> Option<&'e Endpoint> {
        let member = |place: usize| all.get(*self.members.get(place)? as usize);
        let (first, rest) = self.weights.pick(input.draw)?;
        let (second, _) =
            self.weights.pick(Draw::from_bits(super::hash::key_of(&rest.bits().to_be_bytes())))?;
        let (first, second) = (member(first)?, member(second)?);
        let first_wins =
            !(input.usable)(second) || (input.usable)(first) && (input.load)(first) <= (input.load)(second);
        Some(if first_wins { first } else { second })
    }
}

fn turn(robin: &RoundRobin, input: &PickInput<'_>) -> u64 {
    input.turn.unwrap_or_else(|| input.draw.take(robin.len()).0)
}

/// An endpoint that came up a moment ago passes on the share it has not earned yet.
pub(super) fn earned(endpoint: &Endpoint, rest: Draw, input: &PickInput<'_>) -> bool {
    let share = (input.ramp)(endpoint);
    share >= 1.0 || rest.to_unit() < share
}
