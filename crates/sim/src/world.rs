//! The world of one schedule: a server's hub without sockets, and those who use it.

use room::{
    AccountId, Invitation, LinkId, Order, PurgeStep, Retention, Right, Role, RoomName, Seq, Target,
    Text, UnixMs, Visibility, Whom,
};
use room::{Act, Author, Command, Decision, Directory, Emoji, Event, Fact, MemberId, Nick, RoomId};
use store::{Faults, Log as _, Memory, StoreError};

use crate::check::{Broken, Checks};
use crate::random::Random;

/// Sessions at a time; few, so that they meet.
const MEMBERS: u64 = 5;

/// Rooms the server holds: less than there are names, so that the bound is met.
const ROOMS_MAX: usize = 3;

/// Names that are one for the rules stand side by side.
const NICKS: [&str; 7] = ["ana", "Ana", "ANA", "bia", "Bia", "joão", "JOA\u{303}O"];
/// What those who log in are called: one for each place, so that no two have an account.
const OWNED: [&str; 5] = ["ana", "caio", "duda", "eva", "fabio"];
const EMOJI: [&str; 2] = ["👍", "❤"];
const ROOMS: [&str; 6] = ["sala", "Sala", "rua", "RUA", "praça", "largo"];

pub(crate) struct World {
    random: Random,
    now: UnixMs,
    directory: Directory,
    log: Memory,
    faults: Faults,
    checks: Checks,
    /// The session of each who is there; a new one after each disconnect, as in the server.
    sessions: Vec<MemberId>,
    next_session: u64,
    /// Texts so far: each is another's only by its number.
    texts: u64,
    /// Said and applied, not yet appended: a batch, as the hub gathers it.
    batch: Vec<Event>,
}

impl World {
    pub(crate) fn new(random: Random) -> Self {
        let log = Memory::new();
        Self {
            random,
            now: UnixMs(1_800_000_000_000),
            directory: Directory::new(ROOMS_MAX, []),
            faults: log.faults(),
            log,
            checks: Checks::default(),
            sessions: (1..=MEMBERS).map(MemberId).collect(),
            next_session: MEMBERS + 1,
            texts: 0,
            batch: Vec::new(),
        }
    }

    /// Something happens.
    pub(crate) fn step(&mut self) -> Result<(), Broken> {
        self.now = UnixMs(self.now.0 + self.random.below(1000));
        match self.random.below(100) {
            0..80 => self.command()?,
            80..82 => self.ask()?,
            82..85 => self.purge()?,
            85..92 => self.flush_batch()?,
            92..96 => self.faults.refuse_appends(1),
            96..98 => self.sweep()?,
            _ => self.restart()?,
        }
        self.checks.nicks()?;
        if self.batch.is_empty() {
            // While messages wait to be appended, the directory is ahead of what is handed out.
            self.checks.directory(&self.directory)?;
        }
        Ok(())
    }

    /// The end of the schedule, and what can be judged only then.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        self.flush_batch()?;
        self.checks.one_order()?;
        self.judge_log()?;
        self.restart()
    }

    fn judge_log(&mut self) -> Result<(), Broken> {
        let mut reader = self.log.reader().map_err(unexpected)?;
        self.checks.log(&self.directory, &mut *reader)
    }

    fn command(&mut self) -> Result<(), Broken> {
        let place = usize::try_from(self.random.below(MEMBERS)).expect("few");
        let member = self.sessions[place];
        let mut act = self.act(member);
        if is_about_a_message(&act) {
            // As the hub: what was said before is in the log when it is looked up.
            self.flush_batch()?;
            self.look_up(member, &mut act)?;
        }
        let command = Command { member, at: self.now, act };
        let before = self.directory.clone();
        let decided = self.directory.decide(&command);
        if self.directory != before {
            return Err(Broken::RefusalChanged(format!("deciding {command:?}")));
        }
        let Ok(decision) = decided else { return Ok(()) };
        if command.act == Act::Disconnect {
            self.checks.logged_in(member, None);
            self.sessions[place] = MemberId(self.next_session);
            self.next_session += 1;
        }
        if let [event @ Event { fact: Fact::Said { reply: None, .. }, .. }] = &decision.events[..] {
            self.directory.apply(&decision);
            self.batch.push(event.clone());
            return Ok(());
        }
        // Anything else comes after what was said before it. If that could not be kept, the
        // decision was made on a state that is no more.
        if self.batch.is_empty() {
            self.carry_out(&decision)?;
        } else {
            self.flush_batch()?;
            let Ok(again) = self.directory.decide(&command) else { return Ok(()) };
            self.carry_out(&again)?;
        }
        let account = self.directory.present(member).and_then(|present| present.account);
        self.checks.logged_in(member, account);
        Ok(())
    }

    /// Someone asks what only some may know: every right is as the books have it.
    fn ask(&mut self) -> Result<(), Broken> {
        let (member, room) = (self.random.of(&self.sessions), self.somewhere());
        for right in Right::ALL {
            let allowed = self.directory.check_right(member, room, right).is_ok();
            if allowed != self.checks.may(member, room, right) {
                let event = format!("{member:?} {right:?}: {allowed}");
                return Err(Broken::Undue { room, event });
            }
        }
        let is_told = self.directory.in_force(member, room, 9, self.now).is_ok();
        if is_told != self.checks.may(member, room, Right::Audit) {
            let event = format!("{member:?} is told what is in force: {is_told}");
            return Err(Broken::Undue { room, event });
        }
        Ok(())
    }

    /// Someone deletes what another said. That each deletion is due, the books see.
    fn purge(&mut self) -> Result<(), Broken> {
        self.flush_batch()?;
        let (member, room) = (self.random.of(&self.sessions), self.somewhere());
        let names: Vec<&str> = NICKS.into_iter().chain(OWNED).collect();
        let nick = Nick::parse(self.random.of(&names)).expect("a nick");
        let last_ms = (self.random.below(2) == 0).then(|| self.random.below(20_000));
        let asked = (&nick, last_ms);
        let Ok(purge) = self.directory.decide_purge(member, room, asked, self.now) else {
            return Ok(());
        };
        if !self.checks.may(member, room, Right::Purge) {
            let event = format!("{member:?} purges {nick}");
            return Err(Broken::Undue { room, event });
        }
        let mut reader = self.log.reader().map_err(unexpected)?;
        let (mut after, mut gone) = (Seq::START, 0);
        loop {
            let page = reader.after(room, after, 3).map_err(unexpected)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            let purged = page.iter().filter(|message| self.directory.purges(&purge, message));
            let targets: Vec<Seq> = purged.map(|message| message.seq).collect();
            let step = if gone == 0 { PurgeStep::First } else { PurgeStep::Next };
            if !targets.is_empty()
                && let Some(decision) = self.directory.purge(&purge, &targets, step, self.now)
            {
                self.carry_out(&decision)?;
                gone += targets.len() as u64;
            }
        }
        match self.directory.purge(&purge, &[], PurgeStep::Last(gone), self.now) {
            Some(decision) if gone > 0 => self.carry_out(&decision),
            _ => Ok(()),
        }
    }

    /// A room that is there, mostly.
    fn somewhere(&mut self) -> RoomId {
        let rooms: Vec<RoomId> = self.directory.public_rooms().map(|room| room.kept().id).collect();
        if rooms.is_empty() { RoomId(1 + self.random.below(4)) } else { self.random.of(&rooms) }
    }

    fn carry_out(&mut self, decision: &Decision) -> Result<(), Broken> {
        let kept: Vec<_> =
            decision.events.iter().filter(|event| event.fact.is_kept()).cloned().collect();
        if !kept.is_empty() {
            match self.log.append(&kept) {
                Ok(()) => {}
                // Nothing has happened; the directory is compared with the books after the step.
                Err(StoreError::NoSpace) => return Ok(()),
                Err(cause) => return Err(unexpected(cause)),
            }
        }
        self.directory.apply(decision);
        decision.events.iter().try_for_each(|event| self.checks.hand_out(event))
    }

    /// Appends what was said, and hands it out; or takes it back.
    fn flush_batch(&mut self) -> Result<(), Broken> {
        let batch = std::mem::take(&mut self.batch);
        match self.log.append(&batch) {
            Ok(()) => batch.iter().try_for_each(|event| self.checks.hand_out(event)),
            Err(StoreError::NoSpace) => {
                self.directory.unsay(batch.iter());
                self.checks.directory(&self.directory).map_err(|broken| {
                    Broken::RefusalChanged(format!("a refused batch of {}: {broken}", batch.len()))
                })
            }
            Err(cause) => Err(unexpected(cause)),
        }
    }

    /// Takes away rooms that have been empty for a while, as the server does.
    fn sweep(&mut self) -> Result<(), Broken> {
        self.flush_batch()?;
        for room in self.directory.idle_rooms(self.now, 5000) {
            match self.log.remove_room(room) {
                Ok(()) => {}
                Err(StoreError::NoSpace) => continue,
                Err(cause) => return Err(unexpected(cause)),
            }
            if self.directory.remove(room) {
                self.checks.removed(room);
            }
        }
        self.log.trim(store::Retention::default(), self.now).map(|_| ()).or_else(
            |cause| match cause {
                StoreError::NoSpace => Ok(()),
                cause => Err(unexpected(cause)),
            },
        )
    }

    /// The server is started again over the same log.
    fn restart(&mut self) -> Result<(), Broken> {
        self.flush_batch()?;
        self.judge_log()?;
        let kept = self.log.rooms().map_err(unexpected)?;
        self.directory = Directory::new(ROOMS_MAX, kept);
        self.directory.never_again(self.log.last_room().map_err(unexpected)?);
        self.checks.restarted();
        for session in &mut self.sessions {
            *session = MemberId(self.next_session);
            self.next_session += 1;
        }
        self.checks.directory(&self.directory)?;
        self.judge_log()
    }

    /// Adds what the log holds of the message a command is about.
    fn look_up(&mut self, member: MemberId, act: &mut Act) -> Result<(), Broken> {
        let account = self.directory.present(member).and_then(|present| present.account);
        let by = Author { member, account };
        let (room, target, emoji) = match act {
            Act::Say { room, reply: Some(target), .. } => (*room, &mut **target, None),
            Act::Edit { room, target, .. }
            | Act::Delete { room, target }
            | Act::Pin { room, target, .. } => (*room, target, None),
            Act::React { room, target, emoji, .. } => (*room, target, Some(&*emoji)),
            _ => return Ok(()),
        };
        target.held = self.log.held(room, target.seq, &by, emoji).map_err(unexpected)?;
        Ok(())
    }

    fn act(&mut self, member: MemberId) -> Act {
        let random = &mut self.random;
        let nick = Nick::parse(random.of(&NICKS)).expect("a nick");
        let name = RoomName::parse(random.of(&ROOMS)).expect("a room's name");
        let somewhere = RoomId(1 + random.below(4));
        let mut rooms: Vec<RoomId> = self
            .directory
            .present(member)
            .map(|present| present.rooms.iter().copied().collect())
            .unwrap_or_default();
        // A set's order is not the seed's.
        rooms.sort_unstable();
        let here = if rooms.is_empty() { somewhere } else { random.of(&rooms) };
        // Mostly where she is, sometimes anywhere.
        let room = if random.below(8) == 0 { somewhere } else { here };
        let from = (random.below(2) == 0).then_some(room);
        self.texts += 1;
        let text = format!("{} {}.", random.of(&["oi", "tudo bem?", "東京"]), self.texts);
        let text = Text::new(&text).expect("a text");
        let head = self.directory.room(room).map_or(1, |room| room.kept().head.0);
        let target = Target { seq: Seq(random.below(head + 2)), held: None };
        let emoji = Emoji::parse(random.of(&EMOJI)).expect("an emoji");
        let on = random.below(3) > 0;
        match random.below(47) {
            0..3 => {
                let capacity = u32::try_from(random.below(4)).expect("small");
                let is_public = random.below(2) == 0;
                let visibility = if is_public { Visibility::Public } else { Visibility::Unlisted };
                Act::Create { name, capacity, visibility, nick, from }
            }
            3..8 if random.below(8) > 0 => Act::Enter { name, nick, from },
            3..8 => {
                let capacity = (random.below(2) == 0).then_some(1);
                let (link, role) = (LinkId(1), Role::Guest);
                let invitation = Invitation { link, room, capacity, role };
                Act::EnterByLink { invitation, nick, from }
            }
            8..10 => Act::Leave { room },
            10..15 => Act::Say { room, text, reply: None, key: None },
            15..17 => Act::SetTopic { room, topic: (random.below(3) > 0).then_some(text) },
            17..19 => Act::Rename { nick },
            19 => Act::Disconnect,
            20..22 => Act::Say { room, text, reply: Some(Box::new(target)), key: None },
            22..25 => Act::Edit { room, target, text },
            25..27 => Act::Delete { room, target },
            27..30 => Act::React { room, target, emoji, on },
            30..32 => Act::Pin { room, target, on },
            32..36 => {
                let place = self.sessions.iter().position(|session| *session == member);
                let place = place.expect("who acts has a place");
                // An account a session, so that the books need not know of persons.
                let account = AccountId(member.0);
                let nick = Nick::parse(OWNED[place]).expect("a nick");
                Act::LogIn { account, nick, is_admin: false }
            }
            36 => Act::LogOut,
            37 => {
                let nick = Nick::parse(random.of(&OWNED)).expect("a nick");
                Act::Direct { nick, from }
            }
            _ => Act::Moderate { room, order: order(random, on) },
        }
    }
}

fn order(random: &mut Random, on: bool) -> Order {
    let names: Vec<&str> = NICKS.into_iter().chain(OWNED).collect();
    let nick = Nick::parse(random.of(&names)).expect("a nick");
    let whom = Whom::Nick(nick.clone());
    let for_ms = (random.below(2) == 0).then(|| random.below(20_000));
    let reason = None;
    match random.below(13) {
        0 => Order::Kick { nick, reason },
        1..3 => Order::Ban { whom, for_ms, reason },
        3 => Order::Unban { whom },
        4..6 => Order::Mute { nick, for_ms, reason },
        6 => Order::Unmute { nick },
        7 => Order::SetRole { nick, role: random.of(&Role::ALL) },
        8 => Order::Invite { nick, role: random.of(&Role::ALL) },
        9 => Order::Raid { on },
        10 => {
            let kinds = [Visibility::Public, Visibility::Unlisted, Visibility::Private];
            Order::Visibility(random.of(&kinds))
        }
        // So many that nothing goes: the books keep all.
        11 => Order::Retention(Retention { messages: 1_000_000 + random.below(3), days: 0 }),
        _ if on => Order::SlowMode { seconds: u32::from(random.below(2) == 0) },
        _ => Order::Capacity(u32::try_from(random.below(4)).expect("small")),
    }
}

const fn is_about_a_message(act: &Act) -> bool {
    match act {
        Act::Say { reply, .. } => reply.is_some(),
        Act::Edit { .. } | Act::Delete { .. } | Act::React { .. } | Act::Pin { .. } => true,
        Act::Create { .. }
        | Act::Enter { .. }
        | Act::EnterByLink { .. }
        | Act::Direct { .. }
        | Act::Leave { .. }
        | Act::SetTopic { .. }
        | Act::Moderate { .. }
        | Act::LogIn { .. }
        | Act::LogOut
        | Act::Rename { .. }
        | Act::Disconnect => false,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unexpected(cause: StoreError) -> Broken {
    let detail = format!("{cause}: {cause:?}");
    Broken::Differs { room: RoomId(0), told_by: "log", detail }
}
