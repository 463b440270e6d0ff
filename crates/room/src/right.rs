//! Who may do what in a room: one table, for every protocol.
//!
//! | right | owner | moderator | member | guest | what it is |
//! | --- | --- | --- | --- | --- | --- |
//! | `Say` | yes | yes | yes | yes | to say something, and to answer a message |
//! | `React` | yes | yes | yes | yes | to give a message an emoji |
//! | `SetTopic` | yes | yes | yes | yes | to set the topic |
//! | `Pin` | yes | yes | yes | yes | to pin a message |
//! | `EditOwn` | yes | yes | yes | yes | to give one's own message another text |
//! | `DeleteOwn` | yes | yes | yes | yes | to take one's own message back |
//! | `DeleteOthers` | yes | yes | no | no | to delete a message of someone below |
//! | `Kick` | yes | yes | no | no | to put someone below out |
//! | `Ban` | yes | yes | no | no | to keep someone below out, or let her in again |
//! | `Mute` | yes | yes | no | no | to silence someone below, or let her speak again |
//! | `SlowMode` | yes | yes | no | no | to set how often one may speak, and to be free of it |
//! | `Filter` | yes | yes | no | no | to set what may not be said, and to say it |
//! | `Purge` | yes | yes | no | no | to delete what someone below said |
//! | `Raid` | yes | yes | no | no | to keep guests out and silent for a while |
//! | `Invite` | yes | yes | no | no | to let someone into a private room |
//! | `Audit` | yes | yes | no | no | to read who did what of all this, and what is in force |
//! | `SeeEarlier` | yes | yes | no | no | to read what a message said before it was corrected |
//! | `Roles` | yes | no | no | no | to give a role |
//! | `Visibility` | yes | no | no | no | to say who may find the room |
//! | `Capacity` | yes | no | no | no | to say how many it holds |
//! | `Retention` | yes | no | no | no | to say how long messages are kept |
//!
//! Whoever administers the server has every right in every room she is in, and is above everyone.
//! But for rooms of two: there nobody has more than a guest has, and nobody is let in.
//! "Below" is a role lower than one's own: nobody acts on equals.

/// What someone is in a room. Of two, the greater may more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Not logged in.
    Guest,
    /// Logged in; or named so, which lets her into the room while it is private.
    Member,
    /// Keeps order.
    Moderator,
    /// Decides what the room is. Who made it is one.
    Owner,
}

impl Role {
    /// All of them, least first.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Member, Self::Moderator, Self::Owner];
}

/// Something that may be done in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// To say something, and to answer a message.
    Say,
    /// To give a message an emoji.
    React,
    /// To set the topic.
    SetTopic,
    /// To pin a message.
    Pin,
    /// To give one's own message another text.
    EditOwn,
    /// To take one's own message back.
    DeleteOwn,
    /// To delete a message of someone below.
    DeleteOthers,
    /// To put someone below out.
    Kick,
    /// To keep someone below out, or let her in again.
    Ban,
    /// To silence someone below, or let her speak again.
    Mute,
    /// To set how often one speaks, and to speak as often as one likes.
    SlowMode,
    /// To set what may not be said, and to say it.
    Filter,
    /// To delete what someone below said.
    Purge,
    /// To keep guests out and silent for a while.
    Raid,
    /// To let someone into a private room.
    Invite,
    /// To read who did what, and what is in force.
    Audit,
    /// To read what a message said before it was corrected.
    SeeEarlier,
    /// To give a role.
    Roles,
    /// To say who may find the room.
    Visibility,
    /// To say how many it holds.
    Capacity,
    /// To say how long messages are kept.
    Retention,
}

impl Right {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 21] = [
        Self::Say,
        Self::React,
        Self::SetTopic,
        Self::Pin,
        Self::EditOwn,
        Self::DeleteOwn,
        Self::DeleteOthers,
        Self::Kick,
        Self::Ban,
        Self::Mute,
        Self::SlowMode,
        Self::Filter,
        Self::Purge,
        Self::Raid,
        Self::Invite,
        Self::Audit,
        Self::SeeEarlier,
        Self::Roles,
        Self::Visibility,
        Self::Capacity,
        Self::Retention,
    ];

    /// The least of those who have it; who is more has it too.
    #[must_use]
    pub const fn least(self) -> Role {
        match self {
            Self::Say
            | Self::React
            | Self::SetTopic
            | Self::Pin
            | Self::EditOwn
            | Self::DeleteOwn => Role::Guest,
            Self::DeleteOthers
            | Self::Kick
            | Self::Ban
            | Self::Mute
            | Self::SlowMode
            | Self::Filter
            | Self::Purge
            | Self::Raid
            | Self::Invite
            | Self::Audit
            | Self::SeeEarlier => Role::Moderator,
            Self::Roles | Self::Visibility | Self::Capacity | Self::Retention => Role::Owner,
        }
    }
}

/// Whether that role has that right.
#[must_use]
pub const fn may(role: Role, right: Right) -> bool {
    role as u8 >= right.least() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of this file's head, as it is written there.
    fn table() -> Vec<(String, [bool; 4])> {
        let head = include_str!("right.rs").lines().take_while(|line| line.starts_with("//!"));
        head.filter_map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let name = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
            let yes = |cell: &str| match cell {
                "yes" => true,
                "no" => false,
                other => panic!("{other} is neither yes nor no"),
            };
            Some((name.to_owned(), [yes(cells[5]), yes(cells[4]), yes(cells[3]), yes(cells[2])]))
        })
        .collect()
    }

    #[test]
    fn every_role_has_the_rights_that_the_table_says_and_no_others() {
        let table = table();
        assert_eq!(table.len(), Right::ALL.len());
        for (right, (name, cells)) in Right::ALL.into_iter().zip(table) {
            assert_eq!(format!("{right:?}"), name);
            for (role, cell) in Role::ALL.into_iter().zip(cells) {
                assert_eq!(may(role, right), cell, "{role:?} {right:?}");
            }
        }
    }

    #[test]
    fn the_roles_rise() {
        assert!(Role::ALL.is_sorted());
    }
}
