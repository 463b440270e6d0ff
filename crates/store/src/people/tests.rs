//! What is kept about people, on a real file: what every operation promises, on both sides of its
//! limits.

use std::collections::{HashMap, HashSet};
use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;
use room::{AccountId, Nick, RoomId, Seq, UnixMs};
use tempfile::TempDir;

use super::*;

const NOON: UnixMs = UnixMs(1_800_000_000_000);
const HOUR_MS: u64 = 3600 * 1000;
const ROOM: RoomId = RoomId(5);

fn later(ms: u64) -> UnixMs {
    UnixMs(NOON.0 + ms)
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn hash(of: &str) -> PasswordHash {
    PasswordHash::new(format!("$argon2id$hash-of-{of}"))
}

/// Sources of bytes that tell one token from the next.
fn random<const N: usize>(number: u64) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// People of a folder of their own.
struct World {
    people: People,
    folder: TempDir,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    World { people: People::open(folder.path()).unwrap(), folder }
}

impl World {
    /// With an account of that nick.
    fn account(&mut self, name: &str) -> AccountId {
        self.people.create_account(&nick(name), &hash(name), false, NOON).unwrap().id
    }

    fn again(self) -> Self {
        drop(self.people);
        Self { people: People::open(self.folder.path()).unwrap(), folder: self.folder }
    }

    fn sql(&self, sql: &str) {
        self.people.connection.execute_batch(sql).unwrap();
    }
}

fn new_link(made_by: AccountId) -> NewLink {
    NewLink { room: ROOM, rights: 3, capacity: Some(30), expires_at: None, uses: None, made_by }
}

#[test]
fn the_first_account_administers_and_the_nick_is_its_own() {
    let mut world = world();
    let ana = world.people.create_account(&nick("Ana"), &hash("a"), false, NOON).unwrap();
    assert!(ana.is_admin);
    let taken = world.people.create_account(&nick("ANA"), &hash("b"), true, NOON);
    assert!(matches!(taken, Err(CreateError::NickTaken)));
    let bob = world.people.create_account(&nick("bob"), &hash("b"), false, later(1)).unwrap();
    assert!(!bob.is_admin && bob.id != ana.id);
    let eva = world.people.create_account(&nick("eva"), &hash("e"), true, later(2)).unwrap();
    assert!(eva.is_admin);
    let world = world.again();
    assert_eq!(world.people.account_by_nick(&nick("ana")).unwrap(), Some(ana.clone()));
    assert_eq!(world.people.account_by_nick(&nick("aná")).unwrap(), None);
    let found = world.people.credentials(&nick("aNa")).unwrap().unwrap();
    assert_eq!((found.account, found.password), (ana.clone(), hash("a")));
    assert_eq!(world.people.accounts(None, 2).unwrap(), [ana, bob.clone()]);
    assert_eq!(world.people.accounts(Some(bob.id), 9).unwrap(), [eva]);
}

#[test]
fn accounts_are_bounded_and_paged() {
    let mut world = world();
    world.account("ana");
    world.sql(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO account SELECT i, 'u' || i, 'u' || i, 'p', 0, 0, 0 FROM n",
        ACCOUNTS_MAX - 1
    ));
    world.account("last");
    let full = world.people.create_account(&nick("over"), &hash("o"), false, NOON);
    assert!(matches!(full, Err(CreateError::Full)), "{full:?}");
    let taken = world.people.create_account(&nick("last"), &hash("o"), false, NOON);
    assert!(matches!(taken, Err(CreateError::NickTaken)));
    assert_eq!(world.people.accounts(None, usize::MAX).unwrap().len(), PAGE_MAX);
}

#[test]
fn a_token_is_its_account_until_it_expires() {
    let mut world = world();
    let ana = world.account("ana");
    let end = later(10 * HOUR_MS);
    let (id, token) = world.people.issue_token(ana, "laptop", Some(end), random(1), NOON).unwrap();
    assert!(token.as_str().starts_with("papo_") && token.as_str().len() == TOKEN_BYTES);
    let who = |world: &World, at| world.people.account_of_token(token.as_str(), at).unwrap();
    let bearer = who(&world, NOON).unwrap();
    assert_eq!((bearer.account.id, bearer.token), (ana, id));
    assert!(who(&world, UnixMs(end.0 - 1)).is_some());
    assert!(who(&world, end).is_none());
    for wrong in ["", "papo_", &token.as_str()[1..], &token.as_str().to_uppercase()] {
        assert!(world.people.account_of_token(wrong, NOON).unwrap().is_none(), "{wrong}");
    }
    let other = Token::of_random(random(2));
    assert!(world.people.account_of_token(other.as_str(), NOON).unwrap().is_none());
    assert!(world.again().people.account_of_token(token.as_str(), NOON).unwrap().is_some());
}

#[test]
fn the_last_use_is_written_down_once_an_hour() {
    let mut world = world();
    let ana = world.account("ana");
    let (_, token) = world.people.issue_token(ana, "", None, random(1), NOON).unwrap();
    let used = |world: &World, at| {
        world.people.account_of_token(token.as_str(), at).unwrap().unwrap();
        world.people.tokens(ana, at).unwrap()[0].last_used_at
    };
    assert_eq!(used(&world, later(LAST_USED_STEP_MS - 1)), NOON);
    let step = later(LAST_USED_STEP_MS);
    assert_eq!(used(&world, step), step);
    assert_eq!(used(&world, later(LAST_USED_STEP_MS + 1)), step);
    assert_eq!(used(&world, NOON), step, "a clock set back changes nothing");
}

#[test]
fn tokens_are_bounded_and_what_expired_or_was_not_used_makes_room() {
    let mut world = world();
    let (ana, bob) = (world.account("ana"), world.account("bob"));
    let end = later(HOUR_MS);
    for number in 0..TOKENS_PER_ACCOUNT_MAX as u64 {
        let expires_at = (number == 0).then_some(end);
        world.people.issue_token(ana, "d", expires_at, random(number), NOON).unwrap();
    }
    world.people.issue_token(bob, "d", None, random(1001), NOON).unwrap();
    assert_eq!(world.people.tokens(ana, NOON).unwrap().len(), TOKENS_PER_ACCOUNT_MAX);
    assert_eq!(world.people.tokens(ana, end).unwrap().len(), TOKENS_PER_ACCOUNT_MAX - 1);
    world.people.issue_token(ana, "d", None, random(1002), end).unwrap();
    assert_eq!(world.people.tokens(ana, end).unwrap().len(), TOKENS_PER_ACCOUNT_MAX);
    let second = Token::of_random(random(1));
    let used = world.people.account_of_token(second.as_str(), end).unwrap().unwrap();
    world.people.issue_token(ana, "d", None, random(1004), end).unwrap();
    let left = world.people.tokens(ana, end).unwrap();
    assert_eq!((left[0].id, left.len()), (used.token, TOKENS_PER_ACCOUNT_MAX), "the third went");
    let third = Token::of_random(random(2));
    assert_eq!(world.people.account_of_token(third.as_str(), end).unwrap(), None);
    let nobody = world.people.issue_token(AccountId(99), "d", None, random(1003), NOON);
    assert!(matches!(nobody, Err(IssueError::NoAccount)));
}

#[test]
fn a_token_that_asks_for_another_stays_and_of_the_others_the_least_used_goes() {
    let mut world = world();
    let ana = world.account("ana");
    let mut ids = Vec::new();
    for number in 0..TOKENS_PER_ACCOUNT_MAX as u64 {
        ids.push(world.people.issue_token(ana, "d", None, random(number), NOON).unwrap().0);
    }
    // The first is the least used of all, and asks; the second was used since, the third goes.
    let second = Token::of_random(random(1));
    world.people.account_of_token(second.as_str(), later(HOUR_MS)).unwrap().unwrap();
    let now = later(HOUR_MS);
    let asked = world.people.issue_further_token((ana, ids[0]), "d", None, random(1000), now);
    let further = asked.unwrap().0;
    let left: Vec<_> =
        world.people.tokens(ana, now).unwrap().iter().map(|token| token.id).collect();
    ids.remove(2);
    ids.push(further);
    assert_eq!(left, ids);
}

#[test]
fn what_ended_a_token_is_seen_by_its_number() {
    let mut world = world();
    let (ana, bob) = (world.account("ana"), world.account("bob"));
    let mut issue = |account, number, end| {
        world.people.issue_token(account, "d", end, random(number), NOON).unwrap().0
    };
    let (good, expiring) = (issue(ana, 1, None), issue(ana, 2, Some(later(1))));
    let (revoked, disabled) = (issue(ana, 3, None), issue(bob, 4, None));
    let all = [good, expiring, revoked, disabled, TokenId(99)];
    assert_eq!(world.people.ended_tokens(&all, NOON).unwrap(), [TokenId(99)]);
    world.people.revoke_token(ana, revoked).unwrap();
    world.people.set_disabled(bob, true).unwrap();
    assert_eq!(world.people.ended_tokens(&all, later(1)).unwrap(), all[1..]);
}

#[test]
fn what_another_writes_is_noticed() {
    let mut world = world();
    let ana = world.account("ana");
    let before = world.people.version_elsewhere().unwrap();
    world.account("bob");
    assert_eq!(world.people.version_elsewhere().unwrap(), before, "this one's own does not count");
    let mut other = People::open(world.folder.path()).unwrap();
    let eva = other.create_account(&nick("eva"), &hash("e"), false, NOON).unwrap();
    assert_ne!(world.people.version_elsewhere().unwrap(), before);
    let owners = world.people.owners().unwrap();
    assert_eq!(owners.len(), 3);
    assert_eq!((&owners[0], &owners[2]), (&(nick("ana"), ana), &(nick("eva"), eva.id)));
}

#[test]
fn a_token_is_revoked_by_its_own_account_alone() {
    let mut world = world();
    let (ana, bob) = (world.account("ana"), world.account("bob"));
    let (id, token) = world.people.issue_token(ana, "d", None, random(1), NOON).unwrap();
    assert!(!world.people.revoke_token(bob, id).unwrap());
    assert!(world.people.account_of_token(token.as_str(), NOON).unwrap().is_some());
    assert!(world.people.revoke_token(ana, id).unwrap());
    assert!(!world.people.revoke_token(ana, id).unwrap());
    assert!(world.people.account_of_token(token.as_str(), NOON).unwrap().is_none());
    let (next, _) = world.people.issue_token(ana, "d", None, random(2), NOON).unwrap();
    assert!(next > id, "a number is not given again");
}

#[test]
fn a_new_password_ends_what_came_in_by_the_old_one() {
    let mut world = world();
    let (ana, bob) = (world.account("ana"), world.account("bob"));
    let (kept, _) = world.people.issue_token(ana, "here", None, random(1), NOON).unwrap();
    world.people.issue_token(ana, "lost", None, random(2), NOON).unwrap();
    world.people.issue_token(bob, "other", None, random(3), NOON).unwrap();
    assert!(world.people.set_password(ana, &hash("new"), Some(kept)).unwrap());
    let left = world.people.tokens(ana, NOON).unwrap();
    assert_eq!(left.iter().map(|token| token.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(world.people.tokens(bob, NOON).unwrap().len(), 1);
    assert!(world.people.set_password(ana, &hash("newer"), None).unwrap());
    assert_eq!(world.people.tokens(ana, NOON).unwrap(), []);
    assert!(!world.people.set_password(AccountId(99), &hash("x"), None).unwrap());
    let password =
        |world: &World| world.people.credentials(&nick("ana")).unwrap().unwrap().password;
    assert_eq!(password(&world), hash("newer"));
    // Of an upgrade that began before the password was changed, nothing stays.
    world.people.rehash_password(ana, &hash("new"), &hash("stale")).unwrap();
    assert_eq!(password(&world), hash("newer"));
    world.people.rehash_password(ana, &hash("newer"), &hash("fresh")).unwrap();
    assert_eq!(password(&world), hash("fresh"));
}

#[test]
fn a_disabled_account_can_do_nothing_until_it_is_enabled() {
    let mut world = world();
    let ana = world.account("ana");
    let (_, token) = world.people.issue_token(ana, "d", None, random(1), NOON).unwrap();
    assert!(world.people.set_disabled(ana, true).unwrap());
    assert!(world.people.account_of_token(token.as_str(), NOON).unwrap().is_none());
    let issued = world.people.issue_token(ana, "d", None, random(2), NOON);
    assert!(matches!(issued, Err(IssueError::NoAccount)));
    let linked = world.people.make_link(&new_link(ana), random(1), NOON);
    assert!(matches!(linked, Err(MakeLinkError::NoAccount)));
    assert!(world.people.account_by_nick(&nick("ana")).unwrap().unwrap().is_disabled);
    let again = world.people.create_account(&nick("ana"), &hash("x"), false, NOON);
    assert!(matches!(again, Err(CreateError::NickTaken)));
    assert!(world.people.set_disabled(ana, false).unwrap());
    world.people.issue_token(ana, "d", None, random(2), NOON).unwrap();
    assert!(world.people.account_of_token(token.as_str(), NOON).unwrap().is_none());
    assert!(!world.people.set_disabled(AccountId(99), true).unwrap());
}

#[test]
fn a_link_lets_in_as_often_and_as_long_as_it_says() {
    let mut world = world();
    let ana = world.account("ana");
    let end = later(HOUR_MS);
    let limited = NewLink { uses: Some(2), expires_at: Some(end), ..new_link(ana) };
    let (id, token) = world.people.make_link(&limited, random(1), NOON).unwrap();
    assert_eq!(token.as_str().len(), LINK_BYTES);
    assert_eq!(world.people.link(token.as_str()).unwrap().unwrap().uses_left, Some(2));
    let used = world.people.use_link(token.as_str(), NOON).unwrap();
    assert_eq!((used.id, used.room, used.rights, used.capacity), (id, ROOM, 3, Some(30)));
    assert_eq!((used.uses_left, used.made_by, used.made_at), (Some(1), ana, NOON));
    let late = world.people.use_link(token.as_str(), end);
    assert!(matches!(late, Err(UseLinkError::Expired)));
    world.people.use_link(token.as_str(), UnixMs(end.0 - 1)).unwrap();
    let over = world.people.use_link(token.as_str(), NOON);
    assert!(matches!(over, Err(UseLinkError::UsedUp)));
    let unknown = world.people.use_link(LinkToken::of_random(random(9)).as_str(), NOON);
    assert!(matches!(unknown, Err(UseLinkError::Unknown)));
    assert!(matches!(world.people.use_link("", NOON), Err(UseLinkError::Unknown)));
    world.people.give_back_use(id).unwrap();
    world.people.use_link(token.as_str(), NOON).unwrap();
    let (free, token) = world.people.make_link(&new_link(ana), random(2), NOON).unwrap();
    for _ in 0..5 {
        let used = world.people.use_link(token.as_str(), later(u64::from(u32::MAX))).unwrap();
        world.people.give_back_use(free).unwrap();
        assert_eq!(used.uses_left, None);
    }
    assert!(!world.people.revoke_link(RoomId(6), free).unwrap(), "of another room");
    assert!(world.people.revoke_link(ROOM, free).unwrap());
    assert!(!world.people.revoke_link(ROOM, free).unwrap());
    let revoked = world.people.use_link(token.as_str(), NOON);
    assert!(matches!(revoked, Err(UseLinkError::Revoked)));
    let links = world.people.links(ROOM).unwrap();
    assert_eq!(links.iter().map(|link| link.id).collect::<Vec<_>>(), [id, free]);
}

/// Two processes that take the last use at the same time: one gets it.
#[test]
fn the_last_use_is_taken_once() {
    const WRITERS: usize = 4;
    let mut world = world();
    let ana = world.account("ana");
    let uses = 10;
    let limited = NewLink { uses: Some(uses), ..new_link(ana) };
    let (_, token) = world.people.make_link(&limited, random(1), NOON).unwrap();
    let successes: usize = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let mut people = People::open(world.folder.path()).unwrap();
                let token = token.as_str();
                scope.spawn(move || {
                    (0..uses).filter(|_| people.use_link(token, NOON).is_ok()).count()
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).sum()
    });
    assert_eq!(successes, uses as usize);
}

#[test]
fn links_are_bounded_and_useless_ones_make_room() {
    let mut world = world();
    let ana = world.account("ana");
    let mut ids = Vec::new();
    for number in 0..LINKS_PER_ROOM_MAX as u64 {
        ids.push(world.people.make_link(&new_link(ana), random(number), NOON).unwrap().0);
    }
    let full = world.people.make_link(&new_link(ana), random(1000), NOON);
    assert!(matches!(full, Err(MakeLinkError::Full)), "{full:?}");
    let elsewhere = NewLink { room: RoomId(6), ..new_link(ana) };
    world.people.make_link(&elsewhere, random(1001), NOON).unwrap();
    world.people.revoke_link(ROOM, ids[7]).unwrap();
    world.people.make_link(&new_link(ana), random(1002), NOON).unwrap();
    assert_eq!(world.people.links(ROOM).unwrap().len(), LINKS_PER_ROOM_MAX);
    world.people.forget_room(ROOM).unwrap();
    assert_eq!(world.people.links(ROOM).unwrap(), []);
    assert_eq!(world.people.links(RoomId(6)).unwrap().len(), 1);
}

#[test]
fn markers_are_bounded_and_go_with_their_room() {
    let mut world = world();
    let ana = world.account("ana");
    world.sql(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO marker SELECT {}, i, 1 FROM n",
        MARKERS_PER_ACCOUNT_MAX - 1,
        ana.0
    ));
    let last = RoomId(MARKERS_PER_ACCOUNT_MAX as u64);
    assert_eq!(world.people.set_marker(ana, last, Seq(7)).unwrap(), Seq(7));
    let over = RoomId(last.0 + 1);
    assert!(matches!(world.people.set_marker(ana, over, Seq(7)), Err(MarkError::Full)));
    assert_eq!(world.people.set_marker(ana, last, Seq(8)).unwrap(), Seq(8));
    world.people.forget_room(last).unwrap();
    world.people.set_marker(ana, over, Seq(7)).unwrap();
    assert_eq!(world.people.markers(ana).unwrap().last(), Some(&(over, Seq(7))));
    let nobody = world.people.set_marker(AccountId(99), ROOM, Seq(1));
    assert!(matches!(nobody, Err(MarkError::NoAccount)));
}

#[test]
fn the_audit_log_is_paged_and_forgets_its_oldest() {
    let mut world = world();
    let deed = |room, subject| Deed {
        account: Some(AccountId(1)),
        actor: "ana",
        action: "kick",
        room,
        subject: Some(subject),
        detail: None,
    };
    world.people.record(&deed(Some(ROOM), "bob"), NOON).unwrap();
    world.people.record(&deed(None, "eva"), NOON).unwrap();
    let long = "é".repeat(FIELD_BYTES_MAX);
    world.people.record(&deed(Some(ROOM), &long), later(9)).unwrap();
    let all = world.people.audit(None, None, 9).unwrap();
    assert_eq!(all.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(all[0].subject.as_ref().unwrap().len(), FIELD_BYTES_MAX);
    assert_eq!((all[0].at, all[0].account, &*all[0].actor), (later(9), Some(AccountId(1)), "ana"));
    let of_room = world.people.audit(Some(ROOM), Some(all[0].id), 9).unwrap();
    assert_eq!(of_room, all[2..]);
    assert_eq!(world.people.audit(None, None, 1).unwrap(), all[..1]);
    world.sql(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < {AUDIT_MAX})
         INSERT INTO audit SELECT i, 0, NULL, 'a', 'b', NULL, NULL, NULL FROM n"
    ));
    assert_eq!(world.people.audit(None, Some(EntryId(4)), 9).unwrap().len(), 3);
    world.people.record(&deed(None, "bob"), NOON).unwrap();
    assert_eq!(world.people.audit(None, Some(EntryId(4)), 9).unwrap(), all[..2]);
}

#[test]
fn the_files_are_for_their_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/b");
    let mut people = People::open(&folder).unwrap();
    people.create_account(&nick("ana"), &hash("a"), false, NOON).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in ["people.db", "people.db-wal"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
}

#[test]
fn people_need_no_lock_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let _log = crate::Sqlite::open(folder.path()).unwrap();
    let mut one = People::open(folder.path()).unwrap();
    let mut other = People::open(folder.path()).unwrap();
    let ana = one.create_account(&nick("ana"), &hash("a"), false, NOON).unwrap();
    assert_eq!(other.account_by_nick(&nick("ana")).unwrap(), Some(ana.clone()));
    other.set_disabled(ana.id, true).unwrap();
    assert!(one.account_by_nick(&nick("ana")).unwrap().unwrap().is_disabled);
}

/// Each version's file holds people as that version wrote them. A new version adds a file and
/// changes none.
#[test]
fn people_of_every_version_are_brought_up() {
    for version in 1..=schema::latest() {
        let folder = tempfile::tempdir().unwrap();
        let stored = format!("{}/tests/schemas/people-{version}.sql", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&stored).expect("every version has its fixture");
        let db = Connection::open(folder.path().join(DB)).unwrap();
        db.execute_batch(&stored).unwrap();
        drop(db);
        let mut people = People::open(folder.path()).unwrap();
        let jose = people.account_by_nick(&nick("JOSÉ")).unwrap().unwrap();
        assert!(jose.is_admin && !jose.is_disabled);
        assert!(people.account_by_nick(&nick("ana")).unwrap().unwrap().is_disabled);
        let token = Token::of_random([7; TOKEN_RANDOM_BYTES]);
        assert_eq!(people.account_of_token(token.as_str(), NOON).unwrap().unwrap().account, jose);
        let link = LinkToken::of_random([7; LINK_RANDOM_BYTES]);
        assert_eq!(people.use_link(link.as_str(), UnixMs(8999)).unwrap().uses_left, Some(1));
        assert_eq!(people.markers(jose.id).unwrap(), [(RoomId(5), Seq(42))]);
        assert_eq!(people.audit(Some(RoomId(5)), None, 9).unwrap()[0].action, "kick");
        let now: i64 =
            people.connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(now, schema::latest());
    }
}

#[test]
fn a_new_file_has_the_schema_of_its_fixture() {
    let tables = |connection: &Connection| -> Vec<(String, String)> {
        let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
        let mut select = connection.prepare(sql).unwrap();
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let rows = select.query_map([], |row| Ok((row.get(0)?, words(row.get(1)?)))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let stored =
        format!("{}/tests/schemas/people-{}.sql", env!("CARGO_MANIFEST_DIR"), schema::latest());
    let fixture = Connection::open_in_memory().unwrap();
    fixture.execute_batch(&std::fs::read_to_string(stored).unwrap()).unwrap();
    assert_eq!(tables(&world().people.connection), tables(&fixture));
}

#[test]
fn people_of_a_later_version_are_left_alone() {
    let world = world();
    world.people.connection.pragma_update(None, "user_version", schema::latest() + 1).unwrap();
    drop(world.people);
    let found = People::open(world.folder.path());
    assert!(matches!(found, Err(StoreError::TooNew { .. })));
}

/// What is on the disk after a use of everything, and what Debug shows, holds no secret.
#[test]
fn no_secret_is_in_the_file() {
    let mut world = world();
    let ana = world.account("ana");
    let (_, token) = world.people.issue_token(ana, "d", None, random(1), NOON).unwrap();
    let (_, link) = world.people.make_link(&new_link(ana), random(2), NOON).unwrap();
    world.people.account_of_token(token.as_str(), later(2 * HOUR_MS)).unwrap();
    world.people.use_link(link.as_str(), NOON).unwrap();
    for file in ["people.db", "people.db-wal"] {
        let bytes = std::fs::read(world.folder.path().join(file)).unwrap();
        for secret in [token.as_str(), link.as_str()] {
            let secret = secret.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file}");
        }
    }
}

/// A password's hash that was replaced is in no page of the database, once what was written is in
/// it.
#[test]
fn an_old_hash_is_wiped() {
    let mut world = world();
    let ana = world.people.create_account(&nick("ana"), &hash("the-old-one"), false, NOON).unwrap();
    world.people.set_password(ana.id, &hash("another"), None).unwrap();
    world.people.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let bytes = std::fs::read(world.folder.path().join(DB)).unwrap();
    let is_there = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(is_there("hash-of-another"));
    assert!(!is_there("hash-of-the-old-one"));
}

#[test]
fn a_full_disk_refuses_and_changes_nothing() {
    let mut world = world();
    let ana = world.account("ana");
    let pages: i64 =
        world.people.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    world
        .people
        .connection
        .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
        .unwrap();
    let label = "x".repeat(FIELD_BYTES_MAX);
    let refused = (0..TOKENS_PER_ACCOUNT_MAX as u64)
        .find_map(|number| world.people.issue_token(ana, &label, None, random(number), NOON).err());
    assert!(matches!(refused, Some(IssueError::Store(StoreError::NoSpace))), "{refused:?}");
    assert!(world.people.connection.is_autocommit(), "no transaction is left open");
    assert!(world.people.account_by_nick(&nick("ana")).unwrap().is_some());
}

proptest! {
    #[test]
    fn different_bytes_make_different_tokens(
        randoms in proptest::collection::hash_set(any::<[u8; TOKEN_RANDOM_BYTES]>(), 1..50),
    ) {
        let count = randoms.len();
        let token = |random| Token::of_random(random).as_str().to_owned();
        let tokens: HashSet<String> = randoms.into_iter().map(token).collect();
        prop_assert_eq!(tokens.len(), count);
        for token in &tokens {
            prop_assert_eq!(token.len(), TOKEN_BYTES);
            let is_in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            prop_assert!(token.bytes().all(is_in_alphabet));
        }
    }

    #[test]
    fn no_secret_is_in_debug_output(random: [u8; TOKEN_RANDOM_BYTES], phc in "[!-~]{12,80}") {
        let token = Token::of_random(random);
        let link = LinkToken::of_random(random[..LINK_RANDOM_BYTES].try_into().unwrap());
        let password = PasswordHash::new(phc.clone());
        let account = Account {
            id: AccountId(1),
            nick: nick("ana"),
            created_at: NOON,
            is_admin: false,
            is_disabled: false,
        };
        let credentials = Credentials { account, password: password.clone() };
        let shown = format!("{token:?} {link:?} {password:?} {credentials:?}");
        for secret in [token.as_str(), link.as_str(), phc.as_str()] {
            prop_assert!(!shown.contains(secret));
        }
    }
}

#[test]
fn any_text_may_be_shown_as_a_token() {
    let world = world();
    proptest!(|(text in "\\PC{0,60}")| {
        prop_assert!(world.people.account_of_token(&text, NOON).unwrap().is_none());
        prop_assert!(world.people.link(&text).unwrap().is_none());
    });
}

proptest! {
    // Each step waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_marker_never_goes_back(
        steps in proptest::collection::vec((0u64..3, 0u64..3, 0u64..50), 1..40),
    ) {
        let mut world = world();
        let accounts = ["ana", "bob", "eva"].map(|name| world.account(name));
        let mut expected: HashMap<(AccountId, u64), u64> = HashMap::new();
        for (who, room, seq) in steps {
            let account = accounts[usize::try_from(who).unwrap()];
            let highest = expected.entry((account, room)).or_default();
            *highest = seq.max(*highest);
            let stands = world.people.set_marker(account, RoomId(room), Seq(seq)).unwrap();
            prop_assert_eq!(stands, Seq(*highest));
        }
        for account in accounts {
            for (room, seq) in world.people.markers(account).unwrap() {
                prop_assert_eq!(expected.remove(&(account, room.0)), Some(seq.0));
            }
        }
        prop_assert!(expected.is_empty());
    }
}
