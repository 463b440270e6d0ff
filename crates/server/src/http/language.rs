//! Which language a browser wants (RFC 9110, section 12.5.4).

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use lang::Lang;

/// The wanted language that papo speaks; the first of those wanted most, else the default.
pub(super) fn wanted(headers: &HeaderMap) -> Lang {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0, Lang::default());
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let lang = if tag == "*" { Some(Lang::default()) } else { Lang::of_tag(tag) };
        let weight =
            parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if let Some(lang) = lang
            && weight > best.0
        {
            best = (weight, lang);
        }
    }
    best.1
}

/// `0` to `1` with at most three decimals; what is anything else counts as unwanted.
fn thousandths(weight: &str) -> u16 {
    let (whole, decimals) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let is_weight = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" if is_weight => 1000,
        "0" if is_weight => format!("{decimals:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_wanted_most_among_those_spoken() {
        for (field, lang) in [
            ("", Lang::Pt),
            ("en", Lang::En),
            ("en-GB,en;q=0.9", Lang::En),
            ("de, es-MX;q=0.8, en;q=0.7", Lang::Es),
            ("en;q=0.2, es;q=0.25", Lang::Es),
            ("en;q=0.5, es;q=0.5", Lang::En),
            ("en;q=0, *", Lang::Pt),
            ("en;q=0", Lang::Pt),
            ("en;q=2, es;q=0.1", Lang::Es),
            ("en ; q=0.1 , pt ; q=1.000", Lang::Pt),
            ("zh, ja", Lang::Pt),
            (";;,,q=,;q", Lang::Pt),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, field.parse().unwrap())]);
            assert_eq!(wanted(&headers), lang, "{field}");
        }
        assert_eq!(wanted(&HeaderMap::new()), Lang::Pt);
    }
}
