//! What a client already has, and what it asks for under which condition (RFC 9110, section 13).

use std::ops::Range;
use std::time::{Duration, SystemTime};

use axum::http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, Method};

use super::range::{self, Asked};

/// By what one state of a page is told from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Validators {
    /// The entity tag as it stands in the field, `"x"` or `W/"x"`.
    pub(super) etag: String,
    /// When it changed; in whole seconds, as HTTP tells it.
    pub(super) modified: Option<SystemTime>,
}

/// What is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200, all of it.
    Whole,
    /// 206, these bytes.
    Part(Range<u64>),
    /// 304.
    NotModified,
    /// 412.
    PreconditionFailed,
    /// 416.
    Unsatisfiable,
}

/// Weighs the conditions of a GET or HEAD for something of `length` bytes, in the order of
/// section 13.2.2.
pub(super) fn weigh(
    method: &Method,
    headers: &HeaderMap,
    validators: &Validators,
    length: u64,
) -> Outcome {
    let etag = validators.etag.as_str();
    if headers.contains_key(IF_MATCH) {
        if !lists(headers, &IF_MATCH, |listed| strongly_equal(listed, etag)) {
            return Outcome::PreconditionFailed;
        }
    } else if let Some((since, modified)) = date(headers, &IF_UNMODIFIED_SINCE, validators)
        && modified > since
    {
        return Outcome::PreconditionFailed;
    }
    if headers.contains_key(IF_NONE_MATCH) {
        if lists(headers, &IF_NONE_MATCH, |listed| opaque(listed) == opaque(etag)) {
            return Outcome::NotModified;
        }
    } else if let Some((since, modified)) = date(headers, &IF_MODIFIED_SINCE, validators)
        && modified <= since
    {
        return Outcome::NotModified;
    }
    if method != Method::GET || !same_as_before(headers, validators) {
        return Outcome::Whole;
    }
    match single(headers, &RANGE).map(|field| range::asked(field, length)) {
        None | Some(Asked::Whole) => Outcome::Whole,
        Some(Asked::Part(part)) => Outcome::Part(part),
        Some(Asked::Outside) => Outcome::Unsatisfiable,
    }
}

/// Whether `If-Range`, if there is one, lets a range be taken (section 13.1.5).
fn same_as_before(headers: &HeaderMap, validators: &Validators) -> bool {
    if !headers.contains_key(IF_RANGE) {
        return true;
    }
    let Some(field) = single(headers, &IF_RANGE) else { return false };
    if field.ends_with('"') {
        return strongly_equal(field, &validators.etag);
    }
    // A date is as strong as the tag is: both are weak while the file may still be being written.
    let is_strong = !validators.etag.starts_with("W/");
    is_strong
        && validators.modified.is_some_and(|modified| {
            httpdate::parse_http_date(field).is_ok_and(|date| date == whole_seconds(modified))
        })
}

/// The date of a field, and the one of the page to hold against it.
fn date(
    headers: &HeaderMap,
    name: &HeaderName,
    validators: &Validators,
) -> Option<(SystemTime, SystemTime)> {
    let since = httpdate::parse_http_date(single(headers, name)?).ok()?;
    Some((since, whole_seconds(validators.modified?)))
}

/// A time as HTTP can say it.
fn whole_seconds(time: SystemTime) -> SystemTime {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(SystemTime::UNIX_EPOCH, |since| {
        SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
    })
}

/// The field's value, if it stands there once and is text.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value.trim())
}

/// Whether the field is `*` or has a tag that `is_it`.
fn lists(headers: &HeaderMap, name: &HeaderName, is_it: impl Fn(&str) -> bool) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let mut rest = value.trim();
        if rest == "*" {
            return true;
        }
        while let Some((tag, after)) = first_tag(rest) {
            if is_it(tag) {
                return true;
            }
            rest = after.trim_start_matches([' ', '\t', ',']);
        }
        false
    })
}

/// The entity tag at the front, and what follows it. A tag may have commas inside.
fn first_tag(list: &str) -> Option<(&str, &str)> {
    let prefix = if list.starts_with("W/") { 2 } else { 0 };
    let inside = list[prefix..].strip_prefix('"')?;
    Some(list.split_at(prefix + 1 + inside.find('"')? + 1))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

fn strongly_equal(one: &str, other: &str) -> bool {
    one == other && !one.starts_with("W/")
}

#[cfg(test)]
#[path = "conditional/tests.rs"]
mod tests;
