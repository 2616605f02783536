//! Which listener a request belongs to.

use crate::compile::{ListenerId, RouteTable};
use crate::request::Request;

/// The document has listeners and none of them takes the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoListener;

/// The most specific listener behind the entrance; `None` where the document has no listeners.
pub(crate) fn choose(table: &RouteTable, request: &Request<'_>) -> Result<Option<ListenerId>, NoListener> {
    if table.listeners.all().is_empty() {
        return Ok(None);
    }
    table.listeners.choose(request.entrance, request.scheme, request.host).map(Some).ok_or(NoListener)
}
