//! WebSocket (RFC 6455): which requests open one, and what the engine leaves out of them.

use crate::counters::Counter;
use crate::fetch;
use crate::ffi::{Context, Message, Side, Sub, Which};
use crate::headers::{Edits, NoRoom};
use crate::router::{Router, rule_in_state};

impl Router {
    /// Whether the request opens a WebSocket and has an endpoint; where it has none, there is an answer.
    pub(crate) fn upgrades(&self, ctx: Context<'_>) -> bool {
        let (Side::Client, Some(message)) = (ctx.side(), ctx.message(Which::Req)) else { return false };
        if !is_websocket(&message) {
            return false;
        }
        let Some(decided) = self.decide(ctx) else { return false };
        let Some(winner) =
            decided.winner.as_ref().filter(|_| decided.is_forward() && decided.pending().is_none())
        else {
            return false;
        };
        match fetch::reserve(ctx, self, &rule_in_state(&decided, winner)) {
            Ok(()) => true,
            Err(why) => {
                ctx.log(format_args!("ghost answer {} upgrade=websocket", why.as_str()));
                decided.set_failed(why);
                false
            }
        }
    }

    /// Asks the endpoint for a WebSocket.
    pub(crate) fn pipe(&self, ctx: Context<'_>) {
        if !ctx.is_in(Sub::Pipe) {
            return ctx.fail("ghost: router.pipe() belongs into vcl_pipe");
        }
        let is_upgrade = ctx.message(Which::Req).is_some_and(|request| is_websocket(&request));
        let Some(mut message) = ctx.message(Which::Bereq).filter(|_| is_upgrade) else { return };
        self.counters.count(Counter::Upgrades);
        if ask(&mut message) == Err(NoRoom) {
            ctx.fail("ghost: the WebSocket's headers do not fit into workspace_client");
        }
    }
}

/// Whether a request opens a WebSocket. No other protocol is upgraded to: HTTP/2 that comes in that way would pass by
/// every rule.
fn is_websocket(message: &Message<'_>) -> bool {
    message.header("upgrade").is_some_and(|value| is_listed(value, b"websocket"))
        && message.method() == b"GET"
        && message.protocol() == b"HTTP/1.1"
        && message.header("connection").is_some_and(|value| is_listed(value, b"upgrade"))
}

/// RFC 9110 section 5.6.1: a list of tokens.
fn is_listed(list: &[u8], token: &[u8]) -> bool {
    list.split(|byte| *byte == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(token))
}

/// Asks the endpoint for the protocol: the engine drops both headers, which belong to one connection. An endpoint that
/// answers without changing the protocol closes the connection, so that no further request reaches it past the routes.
fn ask(message: &mut Message<'_>) -> Result<(), NoRoom> {
    let mut edits = Edits::default();
    edits.set(b"Upgrade", b"websocket");
    edits.set(b"Connection", b"Upgrade, close");
    edits.apply(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_in_lists_only_as_a_whole() {
        for list in [&b"upgrade"[..], b"keep-alive, Upgrade", b"UPGRADE ,x"] {
            assert!(is_listed(list, b"upgrade"), "{list:?}");
        }
        for list in [&b""[..], b"upgraded", b"no upgrade", b"up,grade"] {
            assert!(!is_listed(list, b"upgrade"), "{list:?}");
        }
    }
}
