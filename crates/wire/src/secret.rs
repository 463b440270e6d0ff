//! What nobody may read over one's shoulder.

use std::fmt;

/// A password or a token: not in Debug output. Its bytes were in the message that brought it, so
/// nothing here wipes them; who keeps it does.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret of that text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// What only its owner may know.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
