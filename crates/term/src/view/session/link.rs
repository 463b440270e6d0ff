//! The connection comes, goes and stays silent; what may be sent on it, and when.

use std::time::Duration;

use lang::Lang;

use super::{
    CatchUp, End, Entering, Flight, Link, Notice, Output, Request, Sent, Server, Session, Token,
};
use crate::limits::{ANSWER_WAIT, PROBE_WAIT, REENTER_WAIT, REFUSAL_WAIT, STEADY_MIN};
use crate::view::command::Asked;

impl Session {
    pub(super) fn connected(&mut self, now: Duration) {
        self.link = Link::Up;
        self.connected_at = now;
        self.unheard = true;
        self.refused = None;
        self.refusals = 0;
        if self.lang != Lang::default() {
            self.requests.push_back(Request::Speak(self.lang));
        }
        if let Token::Known(token) = &self.token {
            self.requests.push_back(Request::LogIn(token.clone()));
        }
        if self.place.is_some() {
            self.requests.push_back(Request::Reenter);
            let give_up_at = now + REENTER_WAIT;
            self.entering = Some(Entering { give_up_at, retry_at: None, refusal_shown: None });
            self.reenter_backoff.reset();
        } else {
            self.requests.push_back(Request::Probe);
            self.notice(Notice::Connected);
        }
    }

    pub(super) fn lost(&mut self, now: Duration) {
        if let Link::Waiting { .. } = self.link {
            return;
        }
        let quit_was_sent =
            self.waiting.front().is_some_and(|first| first.sent && first.asked == Asked::Quit);
        if self.quit_by.is_some() || quit_was_sent {
            return self.end(End::Quit);
        }
        if let Some((at, text)) = self.refused.take()
            && now.saturating_sub(at) <= REFUSAL_WAIT
        {
            return self.end(End::Refused(text));
        }
        if self.link == Link::Up {
            self.notice(Notice::Lost);
            if now.saturating_sub(self.connected_at) >= STEADY_MIN {
                self.backoff.reset();
            }
        }
        if self.waiting.front().is_some_and(|first| first.sent && first.asked == Asked::Once)
            && let Some(first) = self.waiting.pop_front()
        {
            self.notice(Notice::Uncertain(first.line));
        }
        self.flight = None;
        self.retry = None;
        self.pause_until = None;
        self.catching = None;
        self.entering = None;
        self.in_list = false;
        self.requests.clear();
        self.link = Link::Waiting { until: now + self.backoff.wait() };
    }

    pub(super) fn tick(&mut self, now: Duration) {
        if self.quit_by.is_some_and(|by| by <= now) {
            return self.end(End::Quit);
        }
        self.pause_until.take_if(|until| *until <= now);
        if let Link::Waiting { until } = self.link
            && until <= now
        {
            self.link = Link::Dialing;
            self.out.push(Output::Dial);
        }
        if let Some(entering) = &mut self.entering
            && entering.retry_at.is_some_and(|at| at <= now)
        {
            entering.retry_at = None;
            self.requests.push_back(Request::Reenter);
        }
        if let Some((_, request)) = self.retry.take_if(|(at, _)| *at <= now) {
            self.requests.push_back(request);
        }
        if self.catching.as_ref().and_then(CatchUp::quiet_at).is_some_and(|at| at <= now) {
            self.catching = None;
        }
        if self.flight.as_ref().is_some_and(|flight| flight.answer_by <= now) {
            self.unanswered(now);
        }
    }

    /// The line on its way was never answered.
    fn unanswered(&mut self, now: Duration) {
        let flight = self.flight.take();
        match flight.map(|flight| flight.what) {
            Some(Sent::Request(Request::Speak(_) | Request::LogIn(_))) => {}
            Some(Sent::Request(Request::Probe)) => self.server = Server::Plain,
            Some(Sent::Typed) if self.server == Server::Plain => {
                self.waiting.pop_front();
                self.in_list = false;
            }
            _ => {
                self.out.push(Output::Hang);
                self.lost(now);
            }
        }
    }

    /// Sends what may be sent now.
    pub(super) fn pump(&mut self, now: Duration) {
        while self.link == Link::Up && self.flight.is_none() && self.retry.is_none() {
            if let Some(request) = self.requests.pop_front() {
                self.request(request, now);
                continue;
            }
            if self.entering.is_some() || self.catching.is_some() || self.pause_until.is_some() {
                return;
            }
            let Some(first) = self.waiting.front_mut() else { return };
            first.sent = true;
            if let (Asked::Message, Some(place)) = (&first.asked, &mut self.place) {
                place.doubt();
            }
            self.out.push(Output::Send(first.line.clone()));
            if self.server == Server::Plain && first.asked == Asked::Message {
                self.waiting.pop_front();
            } else {
                self.flight = Some(Flight { what: Sent::Typed, answer_by: now + ANSWER_WAIT });
            }
        }
    }

    fn request(&mut self, request: Request, now: Duration) {
        let line = match &request {
            Request::Speak(lang) => format!("--LANG {lang}"),
            Request::LogIn(token) => format!("--LOGIN {token}"),
            Request::Probe | Request::Base => "--CURSOR".to_owned(),
            Request::CatchUp(cursor) => format!("--CURSOR {cursor}"),
            Request::Reenter => {
                let Some(place) = &self.place else { return };
                if let (Server::Numbered, Some(after)) = (self.server, place.resume_after()) {
                    self.catching = Some(CatchUp::new(after, now));
                }
                let link = place.link.as_deref();
                format!("--JOIN {} {}", link.unwrap_or(place.room.as_str()), place.nick)
            }
        };
        self.out.push(Output::Send(line));
        let wait = match request {
            Request::Speak(_) | Request::Probe => PROBE_WAIT,
            Request::LogIn(_) | Request::Base | Request::Reenter | Request::CatchUp(_) => {
                ANSWER_WAIT
            }
        };
        self.flight = Some(Flight { what: Sent::Request(request), answer_by: now + wait });
    }
}
