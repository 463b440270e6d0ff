//! Makes appends durable.

use std::sync::Arc;

use crate::sqlite::shared::Shared;
use crate::{Flusher, StoreError};

pub(super) struct JournalFlusher(pub(super) Arc<Shared>);

impl Flusher for JournalFlusher {
    fn flush(&mut self) -> Result<(), StoreError> {
        self.0.journal.flush().map_err(StoreError::Unflushed)
    }
}
