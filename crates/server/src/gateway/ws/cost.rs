//! What a request takes of the flood limits.

use wire::json::Asked;

/// Messages cost one unit of the flood limits; what makes the server look far costs more.
const FAR_COST: u32 = 4;

/// What a request of someone costs, who is logged in or not.
pub(super) const fn cost(asked: &Asked, is_logged_in: bool) -> u32 {
    match asked {
        // What is unread in many rooms is counted for it.
        Asked::Me if is_logged_in => FAR_COST,
        Asked::Create { .. }
        | Asked::EnterByLink { .. }
        | Asked::MakeLink(..)
        | Asked::Links(_)
        | Asked::RevokeLink(..)
        | Asked::Delete { .. }
        | Asked::History { .. }
        | Asked::InForce(_)
        | Asked::Audit { .. }
        | Asked::Earlier { .. }
        | Asked::Pins(_)
        | Asked::Purge { .. }
        | Asked::Resume { .. }
        | Asked::Rooms
        | Asked::Direct(_)
        | Asked::Search { .. } => FAR_COST,
        Asked::Hello { .. }
        | Asked::LogIn { .. }
        | Asked::LogInByToken(_)
        | Asked::LogInByCookie
        | Asked::Register { .. }
        | Asked::LogOut
        | Asked::Tokens
        | Asked::Revoke(_)
        | Asked::Me
        | Asked::Enter { .. }
        | Asked::Leave(_)
        | Asked::Say { .. }
        | Asked::Edit { .. }
        | Asked::React { .. }
        | Asked::Pin { .. }
        | Asked::Topic(_)
        | Asked::SetTopic { .. }
        | Asked::Members(_)
        | Asked::Message { .. }
        | Asked::Typing { .. }
        | Asked::Read { .. }
        | Asked::Order { .. }
        | Asked::Rename(_) => 1,
    }
}
