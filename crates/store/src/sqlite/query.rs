//! Asking the index.

use std::path::Path;

use room::RoomId;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::search::RANKED_MATCHES_MAX;
use crate::search::terms::Words;
use crate::sqlite::error;
use crate::sqlite::index::put_term;
use crate::sqlite::shared::Shared;

/// A searching end: opens the index when it is first asked, and again when it was made anew.
#[derive(Default)]
pub(super) struct Search {
    index: Option<(u64, Connection)>,
}

impl Search {
    /// The newest [`RANKED_MATCHES_MAX`] messages of `room` that answer `words`, the best first.
    pub(super) fn best(
        &mut self,
        shared: &Shared,
        room: RoomId,
        words: &Words,
    ) -> Result<Vec<i64>, StoreError> {
        let asked = expression(room, words);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let generation = shared.index.caught_up();
            match self.ask(&shared.folder.index(), generation, &asked) {
                Ok(best) => return Ok(best),
                Err(cause) if error::is_corrupt(&cause) && attempts == 1 => {
                    self.index = None;
                    shared.index.report_broken(generation);
                }
                Err(cause) => {
                    self.index = None;
                    return Err(error::failed("searching", shared.folder.path())(cause));
                }
            }
        }
    }

    fn ask(&mut self, path: &Path, generation: u64, asked: &str) -> rusqlite::Result<Vec<i64>> {
        use rusqlite::OpenFlags as F;
        self.index.take_if(|(opened, _)| *opened != generation);
        let (_, index) = match &mut self.index {
            Some(index) => index,
            none => {
                let flags = F::SQLITE_OPEN_READ_WRITE | F::SQLITE_OPEN_NO_MUTEX;
                let index = Connection::open_with_flags(path, flags)?;
                index.pragma_update(None, "query_only", true)?;
                none.insert((generation, index))
            }
        };
        let mut select = index.prepare_cached(
            "SELECT rowid, bm25(said) FROM said WHERE said MATCH ? ORDER BY rowid DESC LIMIT ?",
        )?;
        let limit = RANKED_MATCHES_MAX.cast_signed() as i64;
        let rows = select.query_map(params![asked, limit], |row| Ok((row.get(1)?, row.get(0)?)))?;
        let mut best = rows.collect::<Result<Vec<(f64, i64)>, _>>()?;
        // The lower the better; of equals the newer, which came first, stays first.
        best.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        Ok(best.into_iter().map(|(_, id)| id).collect())
    }
}

/// The query in FTS5's language. Every term stands in quotes and holds letters and digits only, so
/// nothing of what was typed is taken for an operator.
fn expression(room: RoomId, words: &Words) -> String {
    let mut expression = String::new();
    for word in words.query() {
        if !expression.is_empty() {
            expression.push_str(" AND ");
        }
        expression.push('"');
        for (place, term) in word.terms.split(' ').enumerate() {
            if place > 0 {
                expression.push(' ');
            }
            put_term(room, term, &mut expression);
        }
        expression.push_str(if word.is_prefix { "\" *" } else { "\"" });
    }
    expression
}
