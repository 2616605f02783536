//! The method condition: case-sensitive (RFC 9110 section 9.1); for gRPC the last of two path segments.

use crate::model::{GrpcMethod, Match};
use crate::request::Request;

#[inline]
pub(crate) fn holds(one: &Match, request: &Request<'_>) -> bool {
    let named = one.method.as_ref().is_none_or(|method| method.as_bytes() == request.method);
    named && one.grpc_method.as_ref().is_none_or(|condition| grpc_holds(condition, request.path))
}

fn grpc_holds(condition: &GrpcMethod, path: &[u8]) -> bool {
    match condition {
        GrpcMethod::Method(method) => grpc_method(path) == Some(method.as_bytes()),
        GrpcMethod::Pattern { pattern, .. } => pattern.takes(path),
    }
}

/// `method` of `/service/method`.
fn grpc_method(path: &[u8]) -> Option<&[u8]> {
    let inside = path.strip_prefix(b"/")?;
    let slash = memchr::memchr(b'/', inside)?;
    let method = &inside[slash + 1..];
    (slash > 0 && !method.contains(&b'/')).then_some(method)
}
