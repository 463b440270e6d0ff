//! What depends on time, with limits short enough to wait for, and what needs both ends in hand.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;

/// Longer than any limit in these tests; met only where the server fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Short, and so far from the others that the test tells which of them held.
const SOON: Duration = Duration::from_millis(150);

const FOREVER: Limits = Limits {
    head: Duration::from_mins(5),
    body: Duration::from_mins(5),
    idle: Duration::from_mins(5),
    stall: Duration::from_mins(5),
    drain: Duration::from_mins(5),
};

struct Connection {
    client: DuplexStream,
    down: watch::Sender<bool>,
    task: JoinHandle<()>,
}

fn peer() -> Peer {
    Peer { address: [127, 0, 0, 1].into(), encrypted: false }
}

fn connect(limits: Limits, pages: Option<&Path>) -> Connection {
    let probes = Probes {
        ready: Arc::new(|| Err("the disk is full".to_owned())),
        metrics: Arc::new(|| "papo_members 3\n# EOF\n".to_owned()),
    };
    let site = Arc::new(Site::new(pages, Vec::new(), probes, limits).unwrap());
    let (client, server) = duplex(1024);
    let (down, shutdown) = watch::channel(false);
    let serving = serve(server, peer(), site, shutdown);
    let task = tokio::spawn(async { drop(serving.await) });
    Connection { client, down, task }
}

impl Connection {
    async fn send(&mut self, bytes: &str) {
        self.client.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Everything until the server's end.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.client.read_to_end(&mut bytes)).await.expect("it closes").unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// The head of the next answer and its body.
    async fn answer(&mut self) -> (String, String) {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(timeout(PATIENCE, self.client.read_u8()).await.unwrap().unwrap().into());
        }
        let length = head.split_once("content-length: ").unwrap().1.split("\r\n").next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        timeout(PATIENCE, self.client.read_exact(&mut body)).await.unwrap().unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    async fn over(self) {
        timeout(PATIENCE, self.task).await.expect("serve returns").unwrap();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_head_that_does_not_become_whole_is_cut() {
    // The first two are still waiting to be told HTTP/1 from HTTP/2.
    for bytes in ["", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"] {
        let mut connection = connect(Limits { head: SOON, ..FOREVER }, None);
        connection.send(bytes).await;
        assert_eq!(connection.rest().await, "", "{bytes:?}");
        connection.over().await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn dripping_buys_no_time() {
    let mut connection = connect(Limits { head: SOON, ..FOREVER }, None);
    connection.send("GET / HTTP/1.1\r\nX: ").await;
    let drip = async {
        while connection.client.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SOON / 10).await;
        }
    };
    timeout(PATIENCE, drip).await.expect("the connection is cut");
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn silence_between_requests_is_no_slow_head() {
    let mut connection = connect(Limits { head: SOON, ..FOREVER }, None);
    connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(connection.answer().await.1, "ok\n");
    tokio::time::sleep(SOON * 4).await;
    connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(connection.answer().await.1, "ok\n");
    // But a second head is as bounded as the first.
    connection.send("GET /hea").await;
    assert_eq!(connection.rest().await, "");
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_connection_is_not_idle_for_ever() {
    let mut connection = connect(Limits { idle: SOON, ..FOREVER }, None);
    connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(connection.answer().await.1, "ok\n");
    assert_eq!(connection.rest().await, "");
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_body_that_does_not_come_is_given_up() {
    let mut connection = connect(Limits { body: SOON, ..FOREVER }, None);
    connection.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf").await;
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_refusal_reaches_one_who_is_still_sending() {
    let mut connection = connect(FOREVER, None);
    let head = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(200_000));
    // Far more than the pipe holds: it is written only if the server goes on reading.
    connection.send(&head).await;
    connection.client.shutdown().await.unwrap();
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_client_that_takes_nothing_is_cut() {
    let pages = tempfile::tempdir().unwrap();
    std::fs::write(pages.path().join("large"), vec![b'x'; 1 << 20]).unwrap();
    let mut connection = connect(Limits { stall: SOON, ..FOREVER }, Some(pages.path()));
    connection.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    timeout(PATIENCE, &mut connection.task).await.expect("serve returns").unwrap();
    assert!(connection.rest().await.len() < 1 << 20);
}

#[tokio::test(flavor = "current_thread")]
async fn the_request_under_way_is_finished_when_the_server_goes_down() {
    let pages = tempfile::tempdir().unwrap();
    std::fs::write(pages.path().join("large"), vec![b'x'; 1 << 20]).unwrap();
    let mut connection = connect(FOREVER, Some(pages.path()));
    connection.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    connection.client.read_u8().await.unwrap();
    connection.down.send(true).unwrap();
    let answer = connection.rest().await;
    assert_eq!(answer.split_once("\r\n\r\n").unwrap().1.len(), 1 << 20);
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn going_down_waits_for_nobody_for_ever() {
    let pages = tempfile::tempdir().unwrap();
    std::fs::write(pages.path().join("large"), vec![b'x'; 1 << 20]).unwrap();
    let mut connection = connect(Limits { drain: SOON, ..FOREVER }, Some(pages.path()));
    connection.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    connection.client.read_u8().await.unwrap();
    connection.down.send(true).unwrap();
    connection.over().await;
    for bytes in ["", "PRI * HT", "GET / HT"] {
        let mut connection = connect(Limits { drain: SOON, ..FOREVER }, None);
        connection.send(bytes).await;
        connection.down.send(true).unwrap();
        connection.over().await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn probes_tell_what_they_are_told() {
    let mut connection = connect(FOREVER, None);
    connection.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let (head, body) = connection.answer().await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert_eq!(body, "the disk is full\n");
    connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let (head, body) = connection.answer().await;
    assert!(head.contains("content-type: application/openmetrics-text; version=1.0.0"), "{head}");
    assert_eq!(body, "papo_members 3\n# EOF\n");
}

#[tokio::test(flavor = "current_thread")]
async fn a_file_that_shrinks_while_it_is_sent_breaks_the_answer_off() {
    let pages = tempfile::tempdir().unwrap();
    let path = pages.path().join("large");
    std::fs::write(&path, vec![b'x'; 1 << 20]).unwrap();
    let mut connection = connect(FOREVER, Some(pages.path()));
    connection.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    connection.client.read_u8().await.unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(10).unwrap();
    assert!(connection.rest().await.len() < 1 << 20, "no bytes are made up");
    connection.over().await;
}

/// An HTTP/2 client on a connection of its own.
async fn connect_h2(
    limits: Limits,
    pages: Option<&Path>,
) -> (h2::client::SendRequest<bytes::Bytes>, JoinHandle<Result<(), h2::Error>>, Connection) {
    let mut connection = connect(limits, pages);
    let (client, _) = duplex(1);
    let client = std::mem::replace(&mut connection.client, client);
    let (sender, driver) = h2::client::handshake(client).await.unwrap();
    (sender.ready().await.unwrap(), tokio::spawn(driver), connection)
}

fn h2_get(target: &str) -> Request<()> {
    Request::builder().version(Version::HTTP_2).uri(format!("http://a{target}")).body(()).unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn streams_share_a_connection() {
    let pages = tempfile::tempdir().unwrap();
    let large: Vec<u8> = (0..1_000_000_u32).map(|at| (at % 251) as u8).collect();
    std::fs::write(pages.path().join("large"), &large).unwrap();
    let (mut sender, _driver, _connection) = connect_h2(FOREVER, Some(pages.path())).await;
    let mut answers = Vec::new();
    for _ in 0..limits::STREAMS_MAX {
        sender = sender.ready().await.unwrap();
        answers.push(sender.send_request(h2_get("/large"), true).unwrap().0);
    }
    let take = |answer: h2::client::ResponseFuture| async move {
        let mut body = answer.await.unwrap().into_body();
        let mut bytes = Vec::new();
        while let Some(chunk) = body.data().await {
            let chunk = chunk.unwrap();
            body.flow_control().release_capacity(chunk.len()).unwrap();
            bytes.extend_from_slice(&chunk);
        }
        bytes
    };
    let tasks: Vec<_> = answers.into_iter().map(|answer| tokio::spawn(take(answer))).collect();
    for task in tasks {
        assert!(timeout(PATIENCE, task).await.unwrap().unwrap() == large, "it is the file");
    }
    assert_eq!(sender.current_max_send_streams(), limits::STREAMS_MAX as usize);
}

#[tokio::test(flavor = "current_thread")]
async fn an_idle_or_stuck_http2_connection_is_closed_too() {
    let pages = tempfile::tempdir().unwrap();
    std::fs::write(pages.path().join("large"), vec![b'x'; 1 << 20]).unwrap();
    let idle = Limits { idle: SOON, ..FOREVER };
    let (mut sender, driver, connection) = connect_h2(idle, None).await;
    let (answer, _) = sender.send_request(h2_get("/healthz"), true).unwrap();
    assert_eq!(timeout(PATIENCE, answer).await.unwrap().unwrap().status(), 200);
    connection.over().await;
    timeout(PATIENCE, driver).await.unwrap().unwrap().expect("a farewell, not an error");

    let stall = Limits { stall: SOON, ..FOREVER };
    let (mut sender, _driver, connection) = connect_h2(stall, Some(pages.path())).await;
    let (answer, _) = sender.send_request(h2_get("/large"), true).unwrap();
    let _not_taken = timeout(PATIENCE, answer).await.unwrap().unwrap().into_body();
    connection.over().await;
}

#[tokio::test(flavor = "current_thread")]
async fn an_http2_connection_takes_its_leave_when_the_server_goes_down() {
    let (mut sender, driver, connection) = connect_h2(FOREVER, None).await;
    let (answer, _) = sender.send_request(h2_get("/healthz"), true).unwrap();
    assert_eq!(timeout(PATIENCE, answer).await.unwrap().unwrap().status(), 200);
    connection.down.send(true).unwrap();
    connection.over().await;
    timeout(PATIENCE, driver).await.unwrap().unwrap().expect("a farewell, not an error");
}
