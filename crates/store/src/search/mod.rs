//! What search means, whatever the back end.

pub(crate) mod terms;

/// Of a query's matches so many of the newest are ranked; older ones are not found by a query
/// that common. Bounds what one query costs.
pub(crate) const RANKED_MATCHES_MAX: usize = 1000;
