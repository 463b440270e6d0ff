//! What every request must pass before anyone looks at what it asks for.

use std::time::Duration;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Request, StatusCode, Version};
use hyper::body::{Body, Incoming};

use super::limits::BODY_BYTES_MAX;

/// The address by which the client came here, as far as it may be shown on a page.
///
/// `None` for the host: it named none, or one in which there is more than a name or an address
/// has. Whoever copies it into a terminal must get nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Without the brackets of an IPv6 address.
    pub(super) host: Option<String>,
    /// Where none was named: that of the scheme.
    pub(super) port: u16,
    /// It was by `https`.
    pub(super) encrypted: bool,
}

/// Checks who is asked for, and reads and forgets the body.
///
/// # Errors
///
/// The status to refuse the request with.
pub(super) async fn pass(
    request: &mut Request<Incoming>,
    body_time: Duration,
    encrypted: bool,
) -> Result<Entry, StatusCode> {
    let entry = entry(request, encrypted)?;
    take(request.body_mut(), body_time, BODY_BYTES_MAX, |_| ()).await?;
    Ok(entry)
}

/// Reads the body, of at most `bytes_max`.
///
/// # Errors
///
/// The status to refuse the request with.
pub(super) async fn read(
    body: &mut Incoming,
    body_time: Duration,
    bytes_max: usize,
) -> Result<Vec<u8>, StatusCode> {
    let mut read = Vec::new();
    take(body, body_time, bytes_max, |data| read.extend_from_slice(data)).await?;
    Ok(read)
}

/// Gives the body to `each` in pieces, to its end, so that the connection can go on.
async fn take(
    body: &mut Incoming,
    body_time: Duration,
    bytes_max: usize,
    mut each: impl FnMut(&[u8]),
) -> Result<(), StatusCode> {
    if body.is_end_stream() {
        return Ok(());
    }
    let limit = bytes_max as u64;
    let taking = async {
        if body.size_hint().lower() > limit {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let mut total = 0;
        while let Some(frame) = http_body_util::BodyExt::frame(body).await {
            let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
            let Some(data) = frame.data_ref() else { continue };
            total += data.len() as u64;
            if total > limit {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            each(data);
        }
        Ok(())
    };
    tokio::time::timeout(body_time, taking).await.map_err(|_| StatusCode::REQUEST_TIMEOUT)?
}

/// Who is asked for: by the target if it says so, else by `Host` (RFC 9112, section 3.2, and RFC
/// 9113, section 8.3.1), which HTTP/1.1 must have, and nobody may have twice.
pub(super) fn entry<B>(request: &Request<B>, encrypted: bool) -> Result<Entry, StatusCode> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() || (host.is_none() && request.version() == Version::HTTP_11) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let host = host.map(authority).transpose()?.flatten();
    let target = request.uri().authority();
    if request.version() == Version::HTTP_2
        && let (Some(target), Some(host)) = (target, &host)
        && target != host
    {
        return Err(StatusCode::BAD_REQUEST);
    }
    let Some(authority) = target.or(host.as_ref()) else {
        return Ok(Entry { encrypted, ..Entry::default() });
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    let is_shown = name.bytes().all(is_plain) && !name.starts_with('-') && !name.is_empty();
    Ok(Entry {
        host: is_shown.then(|| name.to_owned()),
        port: authority.port_u16().unwrap_or(default_port(encrypted)),
        encrypted,
    })
}

/// Of the scheme `http` or `https` (RFC 9110, sections 4.2.1 and 4.2.2).
pub(super) const fn default_port(encrypted: bool) -> u16 {
    if encrypted { 443 } else { 80 }
}

/// `None`: an empty `Host`, which one who asks for nobody in particular sends.
fn authority(field: &HeaderValue) -> Result<Option<Authority>, StatusCode> {
    if field.is_empty() {
        return Ok(None);
    }
    let authority = Authority::try_from(field.as_bytes()).map_err(|_| StatusCode::BAD_REQUEST)?;
    let after_host = &authority.as_str()[authority.host().len()..];
    let is_port = matches!(after_host, "" | ":") || authority.port_u16().is_some();
    let has_user = authority.as_str().contains('@');
    if has_user || !is_port { Err(StatusCode::BAD_REQUEST) } else { Ok(Some(authority)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(version: Version, uri: &str, hosts: &[&str]) -> Result<(String, u16), u16> {
        let mut request = Request::builder().version(version).uri(uri);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        entry(&request.body(()).unwrap(), false)
            .map(|entry| (entry.host.unwrap_or_default(), entry.port))
            .map_err(|status| status.as_u16())
    }

    #[test]
    fn host_by_the_book() {
        let named = |host: &str, port| Ok((host.to_owned(), port));
        for (hosts, expected) in [
            (&["papo.example:7777"][..], named("papo.example", 7777)),
            (&["papo.example"], named("papo.example", 80)),
            (&["papo.example:"], named("papo.example", 80)),
            (&["127.0.0.1:1"], named("127.0.0.1", 1)),
            (&["[::1]:7777"], named("::1", 7777)),
            (&["[::1]"], named("::1", 80)),
            (&["my_host"], named("my_host", 80)),
            (&[""], named("", 0)),
            (&["a;rm$IFS-rf"], named("", 80)),
            (&["a'b&c"], named("", 80)),
            (&["-oProxyCommand=x"], named("", 80)),
            (&["-a"], named("", 80)),
            (&[], Err(400)),
            (&["a", "a"], Err(400)),
            (&["ana@a"], Err(400)),
            (&["a b"], Err(400)),
            (&["a/b"], Err(400)),
            (&["a:99999"], Err(400)),
            (&["a:b"], Err(400)),
            (&["<script>"], Err(400)),
        ] {
            assert_eq!(ask(Version::HTTP_11, "/", hosts), expected, "{hosts:?}");
        }
    }

    #[test]
    fn each_version_names_the_host_its_way() {
        let papo = Ok(("papo".to_owned(), 7777));
        assert_eq!(ask(Version::HTTP_10, "/", &[]), Ok((String::new(), 0)));
        assert_eq!(ask(Version::HTTP_10, "/", &["a", "b"]), Err(400));
        assert_eq!(ask(Version::HTTP_11, "http://papo:7777/", &["other"]), papo);
        assert_eq!(ask(Version::HTTP_11, "http://papo:7777/", &[]), Err(400));
        assert_eq!(ask(Version::HTTP_2, "http://papo:7777/", &[]), papo);
        assert_eq!(ask(Version::HTTP_2, "http://papo:7777/", &["papo:7777"]), papo);
        assert_eq!(ask(Version::HTTP_2, "http://papo:7777/", &["other"]), Err(400));
    }
}
