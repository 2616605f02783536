//! A JSON object a line, with the names that Ghost, nginx, Caddy, Traefik and Envoy logs have in use.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::reader::{Entry, Line, LoggedRequest, has_host, is_absent};

type Text<'l> = Cow<'l, str>;

#[derive(Default)]
struct Found<'l> {
    method: Option<Text<'l>>,
    target: Option<Text<'l>>,
    query: Option<Text<'l>>,
    host: Option<Text<'l>>,
    scheme: Option<Text<'l>>,
    /// `GET /path HTTP/1.1`
    request_line: Option<Text<'l>>,
    headers: Vec<(Text<'l>, Text<'l>)>,
}

pub(crate) fn read(line: &[u8], host: &[u8], visit: &mut dyn FnMut(Entry<'_>)) {
    let mut found = Found::default();
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    let whole = Object(&mut found).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    if whole.is_err() {
        return visit(Entry::Unreadable(line, "the line is no JSON object"));
    }
    let Some((method, target)) = found.request() else {
        return visit(Entry::Unreadable(line, "no request was logged"));
    };
    let absent = |text: &Option<Text<'_>>| text.as_deref().is_none_or(|text| is_absent(text.as_bytes()));
    let host = if absent(&found.host) { host } else { found.host.as_deref().unwrap_or_default().as_bytes() };
    let mut url = String::new();
    if let Some(scheme) = found.scheme.as_deref().filter(|scheme| matches!(*scheme, "http" | "https"))
        && !has_host(target.as_bytes())
        && let Ok(host) = std::str::from_utf8(host)
        && !host.is_empty()
    {
        url = format!("{scheme}://{host}");
    }
    url.push_str(target);
    if !absent(&found.query) && !target.contains('?') {
        url.push('?');
        url.push_str(found.query.as_deref().unwrap_or_default().trim_start_matches('?'));
    }
    let mut headers: Vec<Line<'_>> = Vec::with_capacity(found.headers.len() + 1);
    let has_own = found.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
    if !has_host(url.as_bytes()) && !host.is_empty() && !has_own {
        headers.push((b"host", host));
    }
    headers.extend(found.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
    visit(Entry::Request(LoggedRequest {
        method: method.as_bytes(),
        url: url.as_bytes(),
        headers: &headers,
    }));
}

impl Found<'_> {
    fn request(&self) -> Option<(&str, &str)> {
        if let Some(line) = self.request_line.as_deref() {
            let (method, rest) = line.split_once(' ')?;
            let target = rest.rsplit_once(" HTTP/").map_or(rest, |(target, _)| target);
            return Some((method, target)).filter(|_| !method.is_empty() && !target.is_empty());
        }
        let target = self.target.as_deref().filter(|target| !is_absent(target.as_bytes()))?;
        Some((self.method.as_deref().unwrap_or("GET"), target))
    }
}

/// Reads the object, and the one called `request` inside it, as Caddy nests them.
struct Object<'f, 'l>(&'f mut Found<'l>);

impl<'l> DeserializeSeed<'l> for Object<'_, 'l> {
    type Value = ();
    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Object<'_, 'l> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    /// `"request": "GET / HTTP/1.1"`.
    fn visit_borrowed_str<E>(self, text: &'l str) -> Result<(), E> {
        self.0.request_line = Some(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.request_line = Some(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(One)? {
            let key = key.unwrap_or_default();
            let found = &mut *self.0;
            let slot = match &*key {
                "method" | "request_method" | "http_method" | "verb" | "RequestMethod" => &mut found.method,
                "url" | "uri" | "request_uri" | "path" | "target" | "RequestPath" => &mut found.target,
                "query" | "args" | "query_string" => &mut found.query,
                "host" | "http_host" | "vhost" | "server_name" | "authority" | "RequestHost" => {
                    &mut found.host
                }
                "scheme" | "RequestScheme" => &mut found.scheme,
                "request" => {
                    map.next_value_seed(Object(found))?;
                    continue;
                }
                "headers" | "request_headers" => {
                    map.next_value_seed(Headers(&mut found.headers))?;
                    continue;
                }
                _ => {
                    let name = key.strip_prefix("http_").or_else(|| key.strip_prefix("request_"));
                    match name.map(|name| name.replace('_', "-")) {
                        Some(name) => {
                            if let Some(value) = map.next_value_seed(One)? {
                                found.headers.push((Cow::Owned(name), value));
                            }
                        }
                        None => _ = map.next_value::<IgnoredAny>()?,
                    }
                    continue;
                }
            };
            let value = map.next_value_seed(One)?;
            *slot = value.or_else(|| slot.take());
        }
        Ok(())
    }
}

/// A text, borrowed where JSON escapes allow; of a list its first; nothing for other values.
struct One;

impl<'l> DeserializeSeed<'l> for One {
    type Value = Option<Text<'l>>;
    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for One {
    type Value = Option<Text<'l>>;
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }
    fn visit_borrowed_str<E>(self, text: &'l str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'l>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element_seed(One)?.flatten();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Headers as an object of texts or lists of texts.
struct Headers<'f, 'l>(&'f mut Vec<(Text<'l>, Text<'l>)>);

impl<'l> DeserializeSeed<'l> for Headers<'_, 'l> {
    type Value = ();
    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Headers<'_, 'l> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("headers as an object")
    }
    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(One)? {
            if let (Some(name), Some(value)) = (name, map.next_value_seed(One)?) {
                self.0.push((name, value));
            }
        }
        Ok(())
    }
}
