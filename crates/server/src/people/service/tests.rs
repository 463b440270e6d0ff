//! The service on a real folder, with its real threads: what it lets in, and whom it keeps out.

use std::future::Future;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Argon2, Params};
use tempfile::TempDir;

use super::*;
use crate::people::attempts::PAIR_PACE;

const SECRET: &str = "segredo de teste";

struct World {
    service: Service,
    metrics: Arc<PeopleMetrics>,
    threads: Vec<JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
    _folder: TempDir,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let people = People::open(folder.path()).unwrap();
    let trusted = vec!["127.0.0.1".parse().ok().unwrap()];
    let limits = Limits { connections: 9, connections_per_address: 9, rooms: 9, trusted };
    let metrics = Arc::<PeopleMetrics>::default();
    let (service, threads) = Service::spawn(people, limits, Arc::clone(&metrics)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    World { service, metrics, threads, runtime, _folder: folder }
}

impl World {
    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    fn register(&self, name: &str) -> LoggedIn {
        let registered =
            self.service.register(nick(name), chosen(SECRET), "first".to_owned(), here());
        self.wait(registered).unwrap()
    }

    fn log_in(&self, name: &str, secret: &str) -> Result<LoggedIn, LogInError> {
        self.log_in_from(name, secret, here())
    }

    fn log_in_from(
        &self,
        name: &str,
        secret: &str,
        address: IpAddr,
    ) -> Result<LoggedIn, LogInError> {
        let password = Password::typed(secret).unwrap();
        self.wait(self.service.log_in(nick(name), password, "again".to_owned(), address))
    }

    fn bearer(&self, token: &Token) -> Option<Bearer> {
        self.wait(self.service.by_token(token.as_str().to_owned())).unwrap()
    }
}

fn here() -> IpAddr {
    "127.0.0.1".parse().unwrap()
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn chosen(secret: &str) -> Password {
    Password::chosen(secret).unwrap()
}

#[test]
fn who_registers_is_logged_in_until_they_log_out() {
    let world = world();
    let ana = world.register("Ana");
    assert!(ana.account.is_admin, "the first");
    let bearer = world.bearer(&ana.token).unwrap();
    assert_eq!((&bearer.account, bearer.token), (&ana.account, ana.token_id));
    let again = world.log_in("ANA", SECRET).unwrap();
    world.wait(world.service.log_out(bearer)).unwrap();
    assert!(world.bearer(&ana.token).is_none());
    assert!(world.bearer(&again.token).is_some());
    let id = ana.account.id;
    let tokens = world.wait(world.service.ask(move |people| people.tokens(id, clock::now())));
    let tokens = tokens.unwrap().unwrap();
    assert_eq!(tokens.iter().map(|token| &*token.label).collect::<Vec<_>>(), ["again"]);
    let life_ms = u64::try_from(TOKEN_LIFE.as_millis()).unwrap();
    assert_eq!(tokens[0].expires_at.unwrap().0, tokens[0].created_at.0 + life_ms);
    let taken = world.service.register(nick("ana"), chosen(SECRET), String::new(), here());
    assert!(matches!(world.wait(taken), Err(RegisterError::NickTaken)));
    let shown = format!("{again:?}");
    assert!(!shown.contains(again.token.as_str()), "{shown}");
    assert_eq!((world.metrics.registrations.get(), world.metrics.logins.get()), (1, 1));
}

/// The same answer, and the same work before it: one hash.
#[test]
fn an_unknown_nick_is_refused_as_a_wrong_password_is() {
    let world = world();
    world.register("ana");
    let hashes = || world.metrics.hashes.get();
    let before = hashes();
    let wrong = world.log_in("ana", "another secret").unwrap_err();
    assert_eq!(hashes(), before + 1);
    let unknown = world.log_in("bob", "another secret").unwrap_err();
    assert_eq!(hashes(), before + 2);
    assert!(matches!(wrong, LogInError::Wrong) && matches!(unknown, LogInError::Wrong));
    assert_eq!(world.metrics.login_failures.get(), 2);
}

#[test]
fn a_disabled_account_is_told_only_to_its_owner() {
    let world = world();
    let ana = world.register("ana");
    let id = ana.account.id;
    let disable = world.service.ask(move |people| people.set_disabled(id, true));
    assert!(world.wait(disable).unwrap().unwrap());
    assert!(world.bearer(&ana.token).is_none());
    assert!(matches!(world.log_in("ana", "another secret"), Err(LogInError::Wrong)));
    assert!(matches!(world.log_in("ana", SECRET), Err(LogInError::Disabled)));
}

#[test]
fn a_new_password_logs_out_everywhere_else() {
    let world = world();
    let first = world.register("ana");
    let other = world.log_in("ana", SECRET).unwrap();
    let bearer = || world.bearer(&first.token).unwrap();
    let change = |old, new| {
        let (old, new) = (Password::typed(old).unwrap(), chosen(new));
        world.wait(world.service.change_password(bearer(), old, new, here()))
    };
    assert!(matches!(change("another secret", "new secret"), Err(LogInError::Wrong)));
    assert!(world.bearer(&other.token).is_some());
    change(SECRET, "new secret").unwrap();
    assert!(world.bearer(&other.token).is_none());
    assert_eq!(bearer().token, first.token_id);
    assert!(matches!(world.log_in("ana", SECRET), Err(LogInError::Wrong)));
    world.log_in("ana", "new secret").unwrap();
}

#[test]
fn a_login_brings_the_hash_up_to_date() {
    let world = world();
    let weak = Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        Params::new(64, 1, 1, None).unwrap(),
    );
    let phc: argon2::PasswordHash =
        weak.hash_password_with_salt(SECRET.as_bytes(), &[7; 16]).unwrap();
    let old = PasswordHash::new(phc.to_string());
    let kept = old.clone();
    let create = world.service.ask(move |people| {
        people.create_account(&nick("ana"), &kept, false, clock::now()).unwrap();
    });
    world.wait(create).unwrap();
    let hash = || {
        let credentials = world.service.ask(|people| people.credentials(&nick("ana")));
        world.wait(credentials).unwrap().unwrap().unwrap().password
    };
    assert!(world.log_in("ana", "another secret").is_err());
    assert_eq!(hash(), old);
    world.log_in("ana", SECRET).unwrap();
    let renewed = hash();
    assert!(password::is_current(&renewed));
    world.log_in("ana", SECRET).unwrap();
    assert_eq!(hash(), renewed, "once");
}

#[test]
fn attempts_are_limited_and_cost_nothing_beyond() {
    let world = world();
    world.register("ana");
    let there: IpAddr = "192.0.2.7".parse().unwrap();
    for _ in 0..PAIR_PACE.at_once {
        let wrong = world.log_in_from("ana", "another secret", there);
        assert!(matches!(wrong, Err(LogInError::Wrong)));
    }
    let hashes = world.metrics.hashes.get();
    let refused = world.log_in_from("ana", SECRET, there).unwrap_err();
    let LogInError::TooOften(TooOften { wait_s }) = refused else { panic!("{refused}") };
    assert!((1..=PAIR_PACE.seconds_each.into()).contains(&wait_s), "{wait_s}");
    let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
    let refused = world.log_in_from("ana", SECRET, mapped);
    assert!(matches!(refused, Err(LogInError::TooOften(_))), "the same address");
    assert_eq!((world.metrics.hashes.get(), world.metrics.too_often.get()), (hashes, 2));
    world.log_in("ana", SECRET).unwrap();
}

#[test]
fn a_further_place_beyond_the_limit_takes_that_of_the_oldest() {
    let world = world();
    let LoggedIn { account, token, .. } = world.register("ana");
    let id = account.id;
    let fill = world.service.ask(move |people| {
        for number in 1..u8::try_from(store::people::TOKENS_PER_ACCOUNT_MAX).unwrap() {
            people.issue_token(id, "", None, [number; 32], clock::now()).unwrap();
        }
    });
    world.wait(fill).unwrap();
    world.log_in("ana", SECRET).unwrap();
    let first = world.service.by_token(token.as_str().to_owned());
    assert_eq!(world.wait(first).unwrap(), None);
}

#[test]
fn links_are_made_and_used() {
    let world = world();
    let made_by = world.register("ana").account.id;
    let room = room::RoomId(1);
    let new = NewLink { room, rights: 0, capacity: None, expires_at: None, uses: Some(1), made_by };
    let (id, token) = world.wait(world.service.make_link(new)).unwrap().unwrap();
    let used = world.service.ask(move |people| people.use_link(token.as_str(), clock::now()));
    assert_eq!(world.wait(used).unwrap().unwrap().id, id);
}

#[test]
fn its_threads_end_with_the_last_handle() {
    let World { service, threads, .. } = world();
    let other = service.clone();
    drop(service);
    drop(other);
    for thread in threads {
        thread.join().unwrap();
    }
}
