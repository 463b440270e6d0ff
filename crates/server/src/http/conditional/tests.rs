//! The table of conditions, and that no field is too strange.

use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;

const BEFORE: &str = "Sat, 21 Nov 2026 11:59:59 GMT";
const NOON: &str = "Sat, 21 Nov 2026 12:00:00 GMT";
const AFTER: &str = "Sat, 21 Nov 2026 12:00:01 GMT";
const LENGTH: u64 = 10;

fn validators(etag: &str) -> Validators {
    // The fraction of a second must not make it look newer than what HTTP was told.
    let modified = httpdate::parse_http_date(NOON).unwrap() + Duration::from_millis(700);
    Validators { etag: etag.to_owned(), modified: Some(modified) }
}

fn weigh_all(method: &Method, fields: &[(HeaderName, &str)], etag: &str) -> Outcome {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    weigh(method, &headers, &validators(etag), LENGTH)
}

#[test]
fn conditions_by_the_book() {
    use Outcome::{NotModified, Part, PreconditionFailed, Unsatisfiable, Whole};
    for (fields, expected) in [
        (vec![], Whole),
        (vec![(IF_NONE_MATCH, r#""a""#)], NotModified),
        (vec![(IF_NONE_MATCH, r#"W/"a""#)], NotModified),
        (vec![(IF_NONE_MATCH, r#""b""#)], Whole),
        (vec![(IF_NONE_MATCH, r#""b", "a""#)], NotModified),
        (vec![(IF_NONE_MATCH, r#""b,", W/"x", "a""#)], NotModified),
        (vec![(IF_NONE_MATCH, r#""b"a""#)], Whole),
        (vec![(IF_NONE_MATCH, r#""x"#)], Whole),
        (vec![(IF_NONE_MATCH, "a")], Whole),
        (vec![(IF_NONE_MATCH, "*")], NotModified),
        (vec![(IF_NONE_MATCH, r#""b""#), (IF_NONE_MATCH, r#""a""#)], NotModified),
        (vec![(IF_MODIFIED_SINCE, BEFORE)], Whole),
        (vec![(IF_MODIFIED_SINCE, NOON)], NotModified),
        (vec![(IF_MODIFIED_SINCE, AFTER)], NotModified),
        (vec![(IF_MODIFIED_SINCE, "yesterday")], Whole),
        (vec![(IF_MODIFIED_SINCE, NOON), (IF_MODIFIED_SINCE, NOON)], Whole),
        (vec![(IF_NONE_MATCH, r#""b""#), (IF_MODIFIED_SINCE, AFTER)], Whole),
        (vec![(IF_MATCH, r#""a""#)], Whole),
        (vec![(IF_MATCH, "*")], Whole),
        (vec![(IF_MATCH, r#""b""#)], PreconditionFailed),
        (vec![(IF_MATCH, r#"W/"a""#)], PreconditionFailed),
        (vec![(IF_MATCH, "a")], PreconditionFailed),
        (vec![(IF_UNMODIFIED_SINCE, BEFORE)], PreconditionFailed),
        (vec![(IF_UNMODIFIED_SINCE, NOON)], Whole),
        (vec![(IF_MATCH, r#""a""#), (IF_UNMODIFIED_SINCE, BEFORE)], Whole),
        (vec![(IF_MATCH, r#""b""#), (IF_NONE_MATCH, r#""a""#)], PreconditionFailed),
        (vec![(RANGE, "bytes=2-4")], Part(2..5)),
        (vec![(RANGE, "bytes=2-4"), (RANGE, "bytes=0-1")], Whole),
        (vec![(RANGE, "bytes=10-")], Unsatisfiable),
        (vec![(RANGE, "bytes=2-4"), (IF_NONE_MATCH, r#""a""#)], NotModified),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, r#""a""#)], Part(2..5)),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, r#""b""#)], Whole),
        (vec![(RANGE, "bytes=10-"), (IF_RANGE, r#""b""#)], Whole),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, r#"W/"a""#)], Whole),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, NOON)], Part(2..5)),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, AFTER)], Whole),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, "yesterday")], Whole),
    ] {
        assert_eq!(weigh_all(&Method::GET, &fields, r#""a""#), expected, "{fields:?}");
    }
}

#[test]
fn a_head_has_no_ranges() {
    let fields = [(RANGE, "bytes=2-4")];
    assert_eq!(weigh_all(&Method::HEAD, &fields, r#""a""#), Outcome::Whole);
    let fields = [(IF_NONE_MATCH, r#""a""#)];
    assert_eq!(weigh_all(&Method::HEAD, &fields, r#""a""#), Outcome::NotModified);
}

#[test]
fn what_may_still_change_is_the_same_only_weakly() {
    let weak = r#"W/"a""#;
    for (fields, expected) in [
        (vec![(IF_NONE_MATCH, weak)], Outcome::NotModified),
        (vec![(IF_MATCH, weak)], Outcome::PreconditionFailed),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, weak)], Outcome::Whole),
        (vec![(RANGE, "bytes=2-4"), (IF_RANGE, NOON)], Outcome::Whole),
        (vec![(RANGE, "bytes=2-4")], Outcome::Part(2..5)),
    ] {
        assert_eq!(weigh_all(&Method::GET, &fields, weak), expected, "{fields:?}");
    }
}

proptest! {
    #[test]
    fn no_field_is_too_strange(
        value in prop::collection::vec(32_u8..=255, 0..40),
        tags in r#"[W/"ab, *]{0,20}"#,
    ) {
        for name in [IF_MATCH, IF_NONE_MATCH, IF_RANGE, IF_MODIFIED_SINCE, RANGE] {
            for bytes in [value.as_slice(), tags.as_bytes()] {
                let Ok(value) = HeaderValue::from_bytes(bytes) else { continue };
                let headers = HeaderMap::from_iter([(name.clone(), value)]);
                weigh(&Method::GET, &headers, &validators(r#""a""#), LENGTH);
            }
        }
    }
}
